#include "soap/base/error.hpp"
#include "soap/report/provenance.hpp"
#include "soap/trial/run_config.hpp"
#include "soap/trial/trial_files.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

// What a run is resumed from, and what the foot of a report says.
bool config(std::string_view bytes) {
  const auto path = file(bytes, "config/config.json");
  require_printable(soap::provenance(path.parent_path()));
  return taken<soap::IoError>([&] {
    const soap::RunConfig config = soap::parse_config(std::string(bytes), path.string());
    // The names of settings are checked where a trial starts.
    (void)taken<std::invalid_argument>([&] { (void)soap::trial_files(config, path.parent_path()); });
  });
}

// Damaged tables of timings are counted in the report, not refused.
bool timings(std::string_view bytes) {
  const auto path = file(bytes, "timings/timings/host-1-1.csv");
  const std::string text = soap::provenance(path.parent_path().parent_path());
  require_printable(text);
  return text.find("damaged") == std::string::npos;
}

}  // namespace fuzz
