"""Agreement of every pair with DuckDB: votes joined to themselves, or a bit for each vote.

The first is what one would write; the second is the fastest that we have found. Called with the
file and `joined` or `bits`.
"""

import json
import sys
import time

import duckdb

JOINED = """
    SELECT a.country::VARCHAR, b.country::VARCHAR,
        (1 - sum(abs(a.score - b.score)) / (2.0 * count(*)))::DOUBLE, count(*)
    FROM scored AS a JOIN scored AS b ON a.rcid = b.rcid AND a.country < b.country
    GROUP BY ALL
"""
SCORED = """
    CREATE TYPE country AS ENUM (SELECT DISTINCT country FROM votes ORDER BY country);
    CREATE TABLE scored AS
    SELECT rcid, country::country AS country,
        (CASE vote WHEN 'yes' THEN 1 WHEN 'abstain' THEN 0 ELSE -1 END)::TINYINT AS score
    FROM votes
"""
BITS = """
    CREATE TABLE ballots AS
    SELECT country,
        bitstring_agg(rcid, 0, 9999) FILTER (vote = 'yes') AS yes,
        bitstring_agg(rcid, 0, 9999) FILTER (vote = 'abstain') AS abstain,
        bitstring_agg(rcid, 0, 9999) FILTER (vote = 'no') AS no
    FROM votes GROUP BY country;
    CREATE TABLE filled AS
    SELECT country, coalesce(yes, bitstring('0', 10000)) AS yes,
        coalesce(abstain, bitstring('0', 10000)) AS abstain,
        coalesce(no, bitstring('0', 10000)) AS no
    FROM ballots;
    CREATE TABLE voted AS
    SELECT *, yes | no AS decided, yes | no | abstain AS voted FROM filled;
    WITH counted AS (
        SELECT a.country AS one, b.country AS other, bit_count(a.voted & b.voted) AS common,
            2 * (bit_count(a.yes & b.no) + bit_count(a.no & b.yes))
                + bit_count(a.abstain & b.decided) + bit_count(b.abstain & a.decided) AS apart
        FROM voted AS a JOIN voted AS b ON a.country < b.country
    )
    SELECT one, other, (1 - apart / (2.0 * common))::DOUBLE, common FROM counted WHERE common > 0
"""

database = duckdb.connect()
database.execute("SET threads = 1")  # it has one core
begun = time.perf_counter()
database.execute(
    "CREATE TABLE votes AS SELECT rcid::SMALLINT AS rcid, country, vote FROM read_csv(?)",
    [sys.argv[1]],
)
read = time.perf_counter()
if sys.argv[2] == "joined":
    database.execute(SCORED)
pairs = database.execute(JOINED if sys.argv[2] == "joined" else BITS).fetchall()
computed = time.perf_counter()
print(json.dumps({"read": read - begun, "computed": computed - read, "pairs": pairs}))
