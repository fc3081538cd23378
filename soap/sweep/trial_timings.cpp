#include "soap/sweep/trial_timings.hpp"

#include <chrono>
#include <unistd.h>

#include "soap/base/host_name.hpp"
#include "soap/base/text.hpp"
#include "soap/io/folder.hpp"

namespace soap {
inline namespace SOAP_ABI {

TrialTimings::TrialTimings(const std::filesystem::path& out) : folder_(out / "timings") {
  refuse_link(folder_);
}

void TrialTimings::add(const std::string& key, double seconds) {
  if (!table_) {
    make_folder(folder_);
    // Process numbers come again, so that the moment is part of the name.
    const auto start = std::chrono::system_clock::now().time_since_epoch();
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(start).count();
    const std::string name =
        host_name() + '-' + std::to_string(::getpid()) + '-' + std::to_string(milliseconds);
    table_.emplace(folder_ / std::string(name).append(".csv"), "key,seconds\n");
  }
  table_->append(std::string(key).append(",").append(fixed(seconds, 3)).append("\n"));
}

void TrialTimings::finish() {
  if (table_) table_->finish();
}

}  // namespace SOAP_ABI
}  // namespace soap
