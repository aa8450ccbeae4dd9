"""A trail from a geodata file: read and checked (draft), compared with what is stored (plan), then written."""
