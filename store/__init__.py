"""MEMORY. Redis or Valkey holds everything; the disk of a worker holds nothing that matters."""
