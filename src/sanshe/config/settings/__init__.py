"""`office` runs one computer over plain HTTP on loopback; `prod` a server behind TLS; `test`."""
