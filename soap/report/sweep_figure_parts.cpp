#include "soap/report/sweep_figure_parts.hpp"

#include <algorithm>
#include <cmath>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// But for rounding: a mean depends on the order of its terms.
bool same_values(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return std::abs(x - y) <= 1e-9 * std::abs(x); });
}

// "hidden 100, ..." and "MNIST, 60000+10000 images, ...".
struct ProblemParts {
  std::string network;
  std::string data;
};

ProblemParts parts_of(const std::string& problem) {
  const std::size_t end = problem.find("; ");
  if (end == std::string::npos) return {"", problem};
  return {problem.substr(0, end), problem.substr(end + 2)};
}

}  // namespace

void in_percent(std::vector<double>& shares) {
  for (double& share : shares) share *= 100;
}

double height_for(std::size_t methods) { return 480 + 12 * static_cast<double>(methods); }

void drop_bands(Chart& chart) {
  for (Series& series : chart.series) {
    series.band_low.clear();
    series.band_high.clear();
  }
}

std::string band_note(std::size_t methods) {
  return methods > most_bands ? "mean over seeds"
                              : "mean over seeds in a band from the lowest to the highest";
}

std::vector<Series> shared_legend(const std::vector<SweepEntry>& entries) {
  std::vector<Series> legend;
  legend.reserve(entries.size());
  for (const SweepEntry& entry : entries) legend.push_back({.label = entry.method->method});
  return legend;
}

std::string same_lines(const std::vector<SweepEntry>& entries, const std::vector<Series>& lines) {
  std::string text;
  std::vector<bool> named(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::vector<std::string> names = {entries[i].method->method};
    for (std::size_t j = i + 1; j < entries.size(); ++j) {
      if (named[i] || named[j] || lines[i].x.empty()) continue;
      if (!same_values(lines[i].x, lines[j].x) || !same_values(lines[i].y, lines[j].y)) continue;
      named[j] = true;
      names.push_back(entries[j].method->method);
    }
    if (names.size() > 1) text += " On one line: " + join(names, "; ") + ".";
  }
  return text;
}

std::string data_name_of(const std::string& problem) {
  // A name, which may have commas, and then what data_identity says of the images.
  constexpr std::size_t after_the_name = 4;
  std::vector<std::string> parts = split(parts_of(problem).data, ',');
  parts.resize(parts.size() > after_the_name ? parts.size() - after_the_name : 1);
  return join(parts, ",");
}

std::string problem_note(const std::string& problem) {
  const std::string network = parts_of(problem).network;
  return data_name_of(problem) + (network.empty() ? "" : "; " + network) + ". ";
}

}  // namespace SOAP_ABI
}  // namespace soap
