"""What users are told: the words of each kind of message, the page that lists them, its settings.

Apps register in ready() how the messages of a kind read; core knows none of them.
"""
