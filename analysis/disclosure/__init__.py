"""From counts to numbers that may be published: suppression, coarsening, release."""
