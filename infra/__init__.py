"""What runs, packs and deploys the system, and the stand-ins it is tried against."""
