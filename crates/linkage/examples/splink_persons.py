"""Links the list that `persons` writes by Splink and says how right that is.

    pip install splink pandas
    python splink_persons.py persons.csv

F1 is of clusters, every two rows of which are said to be the same, at several thresholds.
"""

import resource
import sys

import duckdb
import pandas
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

FIELDS = (
    "given_name surname street_number address_1 address_2 suburb postcode state "
    "date_of_birth soc_sec_id"
).split()
BLOCKS = [
    ["soc_sec_id"],
    ["given_name", "surname"],
    ["surname", "date_of_birth"],
    ["given_name", "date_of_birth"],
    ["postcode", "date_of_birth"],
    ["address_1", "postcode"],
    ["surname", "postcode"],
    ["given_name", "postcode", "street_number"],
    ["suburb", "date_of_birth"],
    ["address_1", "suburb"],
]


def linker(path):
    connection = duckdb.connect()
    connection.execute("set threads=2")
    columns = ",".join(f"nullif({field}, '') as {field}" for field in FIELDS)
    connection.execute(
        f"create table persons as select id::int as unique_id, {columns} "
        f"from read_csv('{path}', header=true, all_varchar=true)"
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block_on(*fields) for fields in BLOCKS],
        comparisons=[
            cl.ForenameSurnameComparison("given_name", "surname"),
            cl.LevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.LevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address_1", [0.95, 0.88]),
            cl.JaroWinklerAtThresholds("address_2", [0.95, 0.88]),
            cl.JaroWinklerAtThresholds("suburb", [0.95, 0.88]).configure(
                term_frequency_adjustments=True
            ),
            cl.LevenshteinAtThresholds("postcode", [1]),
            cl.ExactMatch("state"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    database = DuckDBAPI(connection=connection)
    return Linker(database.register("persons"), settings)


def main(path):
    it = linker(path)
    surely = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    it.training.estimate_probability_two_random_records_match(surely, recall=0.9)
    it.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for fields in (["soc_sec_id"], ["given_name", "surname"], ["date_of_birth", "postcode"]):
        it.training.estimate_parameters_using_expectation_maximisation(block_on(*fields))
    pairs = it.inference.predict(threshold_match_probability=0.01)
    truth = pandas.read_csv(path, usecols=["id", "truth"]).set_index("id").truth
    within = lambda sizes: (sizes * (sizes - 1) // 2).sum()
    wanted = within(truth.value_counts())
    for weight in (0, 4, 7, 10, 13, 16, 20):
        clusters = it.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_weight=weight
        )
        rows = clusters.as_pandas_dataframe()[["cluster_id", "unique_id"]]
        rows["truth"] = truth.loc[rows.unique_id].values
        right = within(rows.groupby(["cluster_id", "truth"]).size())
        found = within(rows.groupby("cluster_id").size())
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(
            f"threshold {weight} bits: F1 {2 * right / (found + wanted):.5f},"
            f" {used.ru_utime + used.ru_stime:.1f} processor seconds until here,"
            f" {used.ru_maxrss // 1024} MB",
            flush=True,
        )


main(sys.argv[1])
