"""Sample rosters with every defect that real ones have, and schools for the fake Classroom."""
