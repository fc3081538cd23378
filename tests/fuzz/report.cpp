#include "soap/report/search_space.hpp"
#include "soap/report/sweep_csv.hpp"
#include "soap/report/sweep_report.hpp"
#include "soap/report/trials_csv.hpp"
#include "soap/report/variance_sources.hpp"
#include "soap/sweep/trial_store.hpp"

#include "tests/fuzz/readers.hpp"
#include "tests/fuzz/record_file.hpp"

namespace fuzz {

namespace {

// Records stand one after the other, with a line of a percent sign between them.
constexpr std::string_view separator = "\n%\n";

std::filesystem::path sweep_folder(std::string_view bytes) {
  const std::filesystem::path out = scratch_folder() / "report";
  std::filesystem::remove_all(out);
  std::filesystem::create_directories(out / "trials");
  for (;;) {
    const std::size_t end = bytes.find(separator);
    // The end of a line belongs to its record.
    (void)record_file(end == std::string_view::npos ? bytes : bytes.substr(0, end + 1), "report/trials");
    if (end == std::string_view::npos) return out;
    bytes.remove_prefix(end + separator.size());
  }
}

}  // namespace

// A report without its pictures, which take most of the time. It names what is damaged, and is refused only
// where no result is valid.
bool report(std::string_view bytes) {
  const soap::StoredTrials trials = soap::read_trials(sweep_folder(bytes));
  return taken<std::invalid_argument>([&] {
    const soap::SweepSummary summary = soap::summarize_sweep(trials);
    require_printable(soap::report_page(summary, {.search_spaces = soap::search_spaces(trials.records)}));
    require_printable(soap::sweep_summary_csv(summary));
    require_printable(soap::sweep_pairs_csv(summary));
    soap::write_trials_csv(scratch_folder() / "report/trials.csv", trials, summary);
  });
}

}  // namespace fuzz
