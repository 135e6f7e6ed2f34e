"""Every rule an extract is held to, in order, and the screening of a file by all of them.

Here lives the list: code, what is asked, what to do. How each is found out lives in extract_rules.py and
extract_meta_rules.py.
"""

from __future__ import annotations

from pathlib import Path

from site_builder import extract_meta_rules as meta
from site_builder import extract_rules as data
from site_builder.extract_rule import WARNING, Rule, Verdict, judge_file
from site_builder.screened_file import ScreenedFile, read_screened

RULES = (
    Rule(
        "file_name",
        "The file name is lower-case letters, digits, _ and -, of at most 50 signs.",
        "Rename the file and its metadata.",
        data.find_odd_name,
    ),
    Rule(
        "file_name_period",
        "The file name holds no period: a file carries its years inside.",
        "Rename the file and its metadata without the year.",
        data.find_period_in_name,
        WARNING,
    ),
    Rule("encoding", "Both files are UTF-8.", "Save them as CSV UTF-8.", data.find_odd_bytes),
    Rule(
        "table",
        "Every row has as many cells as there are headings.",
        "Write the file anew with a CSV writer; a comma within a cell needs quotes.",
        data.find_misshapen_rows,
    ),
    Rule(
        "meta_file",
        "A metadata file of the same name stands beside it.",
        "Write it, named as the data file with .meta.csv for .csv.",
        meta.find_meta,
    ),
    Rule(
        "headings_snake_case",
        "Headings are snake_case and begin with a letter.",
        "Rename the columns: lower-case letters, digits and _ only.",
        data.find_odd_headings,
    ),
    Rule(
        "headings_length",
        "Headings have at most 35 signs.",
        "Shorten them; the label in the metadata may be longer.",
        data.find_long_headings,
        WARNING,
    ),
    Rule(
        "headings_once", "No heading stands twice.", "Rename or remove one of the columns.", data.find_repeated_headings
    ),
    Rule(
        "mandatory_columns",
        "The columns of time and country are there.",
        "Add the column, filled in every row.",
        data.find_absent_mandatory,
    ),
    Rule(
        "school_columns",
        "A file of schools names each school and its local authority.",
        "Add the column; x or Not available where it is not known.",
        data.find_absent_of_school,
    ),
    Rule(
        "mat_columns",
        "A file of trusts names each trust.",
        "Add the column; x or Not available where it is not known.",
        data.find_absent_of_mat,
    ),
    Rule(
        "geographic_level",
        "Geographic levels are those of official statistics.",
        "Write the level as the list has it, such as School or MAT.",
        data.find_odd_levels,
    ),
    Rule(
        "school_alone",
        "Rows of schools stand in a file of their own.",
        "Write the other levels to another file: beside them, schools are passed over.",
        data.find_mixed_levels,
    ),
    Rule("country", "A country stands with its own code.", "Write England with E92000001.", data.find_odd_countries),
    Rule(
        "unknown_places",
        "A place not known is x and Not available; one that does not apply is z and Not applicable.",
        "Fill code and name alike.",
        data.find_half_unknown_places,
        WARNING,
    ),
    Rule(
        "one_name",
        "A school or trust has one name throughout.",
        "Use its present name in every row.",
        data.find_many_names,
    ),
    Rule(
        "places_filled",
        "No cell of time or place is blank.",
        "Write x or Not available where it is not known, z or Not applicable where there is none.",
        data.find_blank_places,
    ),
    Rule(
        "places_no_total",
        "No time or place is a total.",
        "Put the total on a row of a wider level, in its own file.",
        data.find_total_places,
    ),
    Rule(
        "time_family",
        "One kind of time period in a file.",
        "Put the term in a filter, or write two files.",
        data.find_mixed_times,
    ),
    Rule(
        "time_period",
        "Time periods fit their identifier: 202425 for an academic year, 2025 for a calendar one.",
        "Write the period with six or four digits.",
        data.find_odd_periods,
    ),
    Rule(
        "filters_filled",
        "No cell of a filter is blank.",
        "Write Total where the row is about all, z where the filter does not apply.",
        data.find_blank_filters,
    ),
    Rule(
        "filters_trimmed",
        "No value of a filter begins or ends with a space.",
        "Remove the spaces.",
        data.find_spaced_filters,
    ),
    Rule(
        "total_rows",
        "A grouped filter has rows for all its values together, called Total.",
        "Add the Total rows.",
        data.find_absent_totals,
    ),
    Rule("totals_labelled", "What is about all is called Total, exactly so.", "Write Total.", data.find_odd_totals),
    Rule(
        "rows_once",
        "No two rows have the same time, place and filters.",
        "Remove one, or add the filter that tells them apart.",
        data.find_twin_rows,
    ),
    Rule(
        "figures_filled",
        "No cell among figures is blank.",
        "Write the kind of missing: c, x, z, low or u.",
        data.find_blank_figures,
    ),
    Rule(
        "figures_plain",
        "Figures are plain numbers, or one of the symbols c, x, z, low and u.",
        "Write the number without separators or units, or the symbol.",
        data.find_odd_figures,
    ),
    Rule(
        "figures_precise",
        "Figures have at least the decimals that are shown.",
        "Write more decimals, or show fewer.",
        data.find_coarse_figures,
        WARNING,
    ),
    Rule("api_heading_length", "Headings have at most 50 signs.", "Shorten them.", data.find_api_long_headings),
    Rule(
        "api_code_length",
        "Codes of places have at most 30 signs.",
        "Write the official code.",
        data.find_api_long_codes,
    ),
    Rule(
        "api_value_length",
        "Names of places and values of filters have at most 120 signs.",
        "Shorten them.",
        data.find_api_long_values,
    ),
    Rule(
        "meta_columns",
        "The metadata has the agreed headings in their order.",
        "Write them as docs/extracts.md lists them.",
        meta.find_column_faults,
    ),
    Rule(
        "meta_in_data",
        "Every line of the metadata is about a column of the data.",
        "Remove the line, or correct its col_name.",
        meta.find_strangers,
    ),
    Rule(
        "data_in_meta",
        "Every column with more than one value has a line in the metadata.",
        "Add a line: Filter or Indicator.",
        meta.find_unlisted,
    ),
    Rule("meta_once", "A column has one line in the metadata.", "Remove the others.", meta.find_repeats),
    Rule("meta_types", "Every line is a Filter or an Indicator.", "Write one of the two.", meta.find_odd_types),
    Rule(
        "meta_labels",
        "Every line has a label of its own.",
        "Write one for people, such as Number of pupils.",
        meta.find_label_faults,
    ),
    Rule(
        "api_label_length",
        "Labels have at most 100 signs.",
        "Shorten them; a hint may say more.",
        meta.find_long_labels,
    ),
    Rule(
        "meta_units",
        "Units are blank, £, £m, %, pp or numberstring, of indicators only.",
        "Write one of these, or say the unit in the label.",
        meta.find_odd_units,
    ),
    Rule(
        "meta_decimals",
        "Decimals are whole numbers, of indicators only.",
        "Write 0, 1 or as many as are to be shown.",
        meta.find_odd_places,
    ),
    Rule(
        "meta_cells",
        "Hints and grouping columns are of filters only, indicator groups of indicators only.",
        "Blank the cell.",
        meta.find_misplaced,
    ),
    Rule(
        "meta_no_places", "The metadata does not list time or geography.", "Remove the line.", meta.find_listed_places
    ),
    Rule(
        "meta_single",
        "A filter in the metadata has more than one value.",
        "Remove its line; the column may stay.",
        meta.find_single,
    ),
    Rule(
        "grouping",
        "A grouping column is in the data, has no line of its own, and has no more values than what it groups.",
        "Name the column in filter_grouping_column of the filter it groups, and nowhere else.",
        meta.find_grouping_faults,
    ),
    Rule(
        "breakdown_grouped",
        "breakdown is grouped by breakdown_topic.",
        "Write breakdown_topic in its filter_grouping_column.",
        meta.find_loose_breakdown,
    ),
    Rule(
        "tidy_figures",
        "No figure has a filter in its name.",
        "Make it one column of figures with a filter beside it.",
        meta.find_hidden_filters,
    ),
)


def screen_file(file: ScreenedFile) -> list[Verdict]:
    """The verdict of every rule on one file."""
    return judge_file(file, RULES)


def screen_path(path: Path) -> list[Verdict]:
    """The verdict of every rule on the data file at `path`; FileNotFoundError where there is none."""
    return screen_file(read_screened(path))
