"""What is measured of a district, one question a module: pure, none uses another."""
