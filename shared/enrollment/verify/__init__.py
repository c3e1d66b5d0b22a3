"""Who sent this: what arrives over HTTP is believed only when one of these schemes says so.

Pure, and of the rest of the package it knows nothing: secrets, keys and the time are arguments.
Only `jwks`, `jws` and the two schemes that rest on them import PyJWT.
"""
