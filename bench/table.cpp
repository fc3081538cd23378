#include "table.hpp"

#include "soap/base/text.hpp"
#include "soap/base/text_table.hpp"

namespace bench {

std::string gigaflops(double flops_per_second) {
  return flops_per_second == 0 ? "" : soap::fixed(flops_per_second / 1e9, 1);
}

Row row_of(const Group& group, std::size_t contender) {
  const Contender& measured = group.contenders[contender];
  Row row;
  row.what = group.title + (measured.name == "soap" ? "" : ": " + measured.name);
  row.threads = std::to_string(group.threads);
  row.median = measured.show(median(group.seconds[contender]));
  row.spread = soap::fixed(100 * spread(group.seconds[contender]), 1);
  row.gflops = gigaflops(flop_rate(group, contender));
  const double share = share_of_peak(group, contender);
  if (share > 0) row.percent = soap::fixed(100 * share, 0);
  return row;
}

std::vector<Row> all_rows(const Group& group) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < group.contenders.size(); ++i)
    if (group.contenders[i].name != "peak") rows.push_back(row_of(group, i));
  return rows;
}

std::string table(const Groups& groups) {
  std::vector<std::vector<std::string>> lines;
  for (const auto& group : groups) {
    if (group->seconds.empty()) continue;
    for (Row& row : group->rows(*group)) {
      lines.push_back({row.what, row.threads, row.median, row.spread, row.gflops, row.percent, row.eigen,
                       row.openblas, row.blis, row.ratio});
    }
  }
  return soap::text_table(
      {"what", "threads", "median", "± %", "GFLOP/s", "% of peak", "Eigen", "OpenBLAS", "BLIS", "ratio"},
      lines);
}

}  // namespace bench
