#include "soap/io/diagnostics_csv.hpp"

#include <utility>

#include "soap/base/text.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/csv.hpp"

namespace soap::inline SOAP_ABI {

namespace {

class DiagnosticsFile final : public Observer {
 public:
  DiagnosticsFile(std::filesystem::path path, RunLabel label, const DiagnosticsOptions& options)
      : path_(std::move(path)), label_(std::move(label)), diagnostics_(options) {}

  void run_started(const RunStart& event) override { diagnostics_.run_started(event); }
  void step_started(const StepStart& event) override { diagnostics_.step_started(event); }
  void step_ended(const StepEnd& event) override { diagnostics_.step_ended(event); }
  void run_ended(const RunEnd&) override {
    write_file_atomically(path_, diagnostics_header() + diagnostics_rows(label_, diagnostics_.samples()));
  }

 private:
  std::filesystem::path path_;
  RunLabel label_;
  Diagnostics diagnostics_;
};

}  // namespace

std::string diagnostics_header() {
  std::string header = "rule,step_kind,lr,seed,epoch,step,examples,layer";
  for (const auto& column : diagnostic_columns) header += ',' + std::string(column.name);
  return header + '\n';
}

std::string diagnostics_rows(const RunLabel& label, const std::vector<DiagnosticSample>& samples) {
  const std::string run = csv_field(label.rule) + ',' + csv_field(label.step_kind) + ',' + to_text(label.lr) +
                          ',' + std::to_string(label.seed) + ',';
  std::string rows;
  for (const auto& sample : samples) {
    const std::string step = std::to_string(sample.epoch) + ',' + std::to_string(sample.step) + ',' +
                             std::to_string(sample.examples) + ',';
    for (const auto& layer : sample.layers) {
      rows += run + step + csv_field(layer.layer);
      for (const auto& column : diagnostic_columns) {
        const auto& value = layer.*column.value;
        rows += ',' + (value ? to_text(*value) : "");
      }
      rows += '\n';
    }
  }
  return rows;
}

std::unique_ptr<Observer> diagnostics_file(std::filesystem::path path, RunLabel label,
                                           const DiagnosticsOptions& options) {
  return std::make_unique<DiagnosticsFile>(std::move(path), std::move(label), options);
}

}  // namespace soap::inline SOAP_ABI
