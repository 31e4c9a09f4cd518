"""Outward forms of documents: OFD files, electronic seals."""
