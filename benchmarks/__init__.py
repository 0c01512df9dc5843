"""What a person waits for, measured: `make bench` prints the table and keeps it as JSON.

For each size of demonstration data: the data is made once and kept, a copy of it is served by `bekwaam run` itself, and
every page is asked for through the network stack of this machine, by signed-in people, on connections that stay open.
Beside each page stands its floor: the same statements with the same parameters by bare psycopg, and as many bytes, by a
bare Flask view under the same web server. Times move with the machine; the ratios to the floor and to a smaller size of
data are what is judged.
"""
