"""What is compared but not shipped. Nothing in the extension imports this."""
