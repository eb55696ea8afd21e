"""How sure a measured figure is: intervals, paired tests, measures of a detector."""
