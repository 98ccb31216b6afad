"""What two JavaScript libraries make of our papers and seals, and we of theirs."""
