"""What a user types in a form is kept until it is saved: nothing typed is lost."""
