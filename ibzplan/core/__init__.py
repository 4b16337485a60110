"""What every app uses: errors, history, jobs, tokens, localised text, the page shell."""
