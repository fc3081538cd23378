// What the pictures of a sweep's report have in common.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "soap/plot/chart.hpp"
#include "soap/report/sweep_entries.hpp"

namespace soap {
inline namespace SOAP_ABI {

inline constexpr double wide_figure = 1100;
/// So many bands over each other would be mud.
inline constexpr std::size_t most_bands = 7;

void in_percent(std::vector<double>& shares);

/// Pictures with many lines need more room for them, and for their legend.
double height_for(std::size_t methods);

void drop_bands(Chart& chart);

/// What lines and bands are: "mean over seeds in a band from the lowest to the highest".
std::string band_note(std::size_t methods);

/// The methods' names, in the order of their colors.
std::vector<Series> shared_legend(const std::vector<SweepEntry>& entries);

/// Of lines that are the same only one can be seen: " On one line: dfa; fa."; empty where none are. A line
/// for each entry.
std::string same_lines(const std::vector<SweepEntry>& entries, const std::vector<Series>& lines);

/// The name of the data of a problem: "MNIST". `problem`: see problem_of.
std::string data_name_of(const std::string& problem);

/// What a picture is about, the start of its note: "MNIST; hidden 100, tanh, softmax_cross_entropy, epochs 1.
/// ".
std::string problem_note(const std::string& problem);

}  // namespace SOAP_ABI
}  // namespace soap
