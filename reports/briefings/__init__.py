"""What a released wave becomes for one kind of reader."""
