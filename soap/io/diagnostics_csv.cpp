#include "soap/io/diagnostics_csv.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/base/text.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/csv.hpp"

namespace soap {
inline namespace SOAP_ABI {

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

std::vector<DiagnosticsRun> read_diagnostics(const std::filesystem::path& path) {
  std::vector<DiagnosticsRun> runs;
  std::map<RunLabel, std::size_t> positions;
  read_csv_in_parts(path, [&](const CsvTable& table) {
    const RunColumns columns(table);
    const std::size_t epoch = table.column("epoch");
    const std::size_t step = table.column("step");
    const std::size_t examples = table.column("examples");
    const std::size_t layer = table.column("layer");
    std::vector<std::size_t> figures;
    figures.reserve(diagnostic_columns.size());
    for (const auto& column : diagnostic_columns) figures.push_back(table.column(column.name));
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const RunLabel label = columns.label(row);
      const auto [found, fresh] = positions.try_emplace(label, runs.size());
      if (fresh) runs.push_back({label, {}});
      auto& samples = runs[found->second].samples;
      const auto row_step = table.required<std::int64_t>(row, step, "a step");
      const std::int64_t before = samples.empty() ? 0 : samples.back().step;
      if (row_step < std::max<std::int64_t>(before, 1))
        table.fail(row, step, "a step after step " + std::to_string(before) + " of this run");
      if (row_step > before) {
        samples.push_back({table.required<std::int64_t>(row, epoch, "an epoch"),
                           row_step,
                           table.required<std::int64_t>(row, examples, "a number of examples"),
                           {}});
      }
      LayerDiagnostics values{.layer = std::string(table.text(row, layer))};
      const auto& rows = samples.back().layers;
      const bool repeated = std::any_of(rows.begin(), rows.end(), [&](const LayerDiagnostics& other) {
        return other.layer == values.layer;
      });
      if (repeated)
        table.fail(row, layer, "a layer that step " + std::to_string(row_step) + " of this run has not had");
      for (std::size_t i = 0; i < figures.size(); ++i)
        values.*diagnostic_columns[i].value = table.number(row, figures[i]);
      samples.back().layers.push_back(std::move(values));
    }
  });
  if (runs.empty()) throw IoError(path.string(), IoError::no_offset, "no rows", "samples of instruments");
  return runs;
}

}  // namespace SOAP_ABI
}  // namespace soap
