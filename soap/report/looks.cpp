#include "soap/report/looks.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "soap/base/ordinary_file.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/csv.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::filesystem::path file_in(const std::filesystem::path& out) { return out / "looks.csv"; }

}  // namespace

Looks read_looks(const std::filesystem::path& out) {
  Looks looks;
  if (kind_of(file_in(out), "the looks at a sweep") == FileKind::none) return looks;
  const CsvTable table = read_csv(file_in(out));
  const std::size_t problem = table.column("problem");
  const std::size_t seeds = table.column("seeds");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto count = table.required<std::int64_t>(row, seeds, "a number of seeds");
    if (count < 1) table.fail(row, seeds, "a number of seeds");
    looks[std::string(table.text(row, problem))].push_back(static_cast<std::size_t>(count));
  }
  for (auto& [name, counts] : looks) std::sort(counts.begin(), counts.end());
  return looks;
}

void remember_looks(const std::filesystem::path& out, const SweepSummary& summary, Looks looks) {
  bool is_new = false;
  for (const ProblemSummary& problem : summary.problems) {
    if (problem.looks.empty()) continue;
    auto& counts = looks[problem.name];
    if (std::count(counts.begin(), counts.end(), problem.looks.back()) > 0) continue;
    counts.push_back(problem.looks.back());
    is_new = true;
  }
  if (!is_new) return;
  std::string text = "problem,seeds\n";
  for (const auto& [name, counts] : looks) {
    for (const std::size_t count : counts) text += csv_field(name) + ',' + std::to_string(count) + '\n';
  }
  write_file_atomically(file_in(out), text);
}

}  // namespace SOAP_ABI
}  // namespace soap
