// The rows of metrics.csv.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "soap/io/csv.hpp"
#include "soap/learn/loss_curve.hpp"
#include "soap/learn/observer.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// What tells the runs of one file apart.
struct RunLabel {
  std::string rule;
  std::string step_kind;
  double lr;
  std::uint64_t seed;

  friend auto operator<=>(const RunLabel&, const RunLabel&) = default;
};

/// The columns of a file that tell its runs apart.
class RunColumns {
 public:
  /// Throws IoError when one is missing.
  explicit RunColumns(const CsvTable& table);
  /// Throws IoError for a cell that is not what its column holds. Rows count from 0.
  [[nodiscard]] RunLabel label(std::size_t row) const;

 private:
  const CsvTable* table_;
  std::size_t rule_;
  std::size_t step_kind_;
  std::size_t lr_;
  std::size_t seed_;
};

/// "rule,step_kind,lr,seed,epoch,step,examples,train_loss,test_loss,test_accuracy,seconds\n".
std::string metrics_header();

/// Records a run: a row every `log_interval` steps and one at each epoch's end, which also holds the
/// evaluation. train_loss is the mean of the step losses since the row before. Throws std::invalid_argument
/// when log_interval < 1.
class MetricsRecorder final : public Observer {
 public:
  MetricsRecorder(RunLabel label, std::int64_t log_interval);

  void run_started(const RunStart& event) override;
  void step_ended(const StepEnd& event) override;
  void epoch_ended(const EpochEnd& event) override;
  void run_ended(const RunEnd& event) override;
  void visit_state(RunStateVisitor& visitor) override;

  /// The rows of the run that has ended, in the columns of `metrics_header`.
  [[nodiscard]] const std::string& rows() const { return rows_; }
  /// The same training losses as numbers.
  [[nodiscard]] const LossCurve& curve() const { return curve_; }

 private:
  struct Row {
    std::int64_t epoch = 0;
    std::int64_t step = 0;
    std::int64_t examples = 0;
    double seconds = 0;
    double train_loss = 0;
    std::optional<Evaluation> evaluation = std::nullopt;
  };
  static void visit_row(RunStateVisitor& visitor, const std::string& name, Row& row);
  void close_row();
  void write_last_row();

  RunLabel label_;
  std::int64_t log_interval_;
  double loss_sum_ = 0;
  std::int64_t losses_ = 0;
  Row next_row_;  // as it stands after the last step
  // Held back until the next step, since an epoch's evaluation belongs into the row of its last step.
  std::optional<Row> last_row_;
  std::string rows_;
  LossCurve curve_;
};

/// Writes a file of one run's rows when the run has ended, whole or not at all. Throws as MetricsRecorder,
/// and IoError.
std::unique_ptr<Observer> metrics_file(std::filesystem::path path, RunLabel label,
                                       std::int64_t log_interval = 1);

/// The test accuracies of one run.
struct AccuracyCurve {
  RunLabel run;
  std::vector<std::int64_t> examples;  ///< seen
  std::vector<double> accuracies;      ///< shares
};

/// Reads those of a metrics.csv: one for each run that has any. Throws IoError as `read_csv`, and for a
/// missing column or a cell that is not what its column holds.
std::vector<AccuracyCurve> read_accuracies(const std::filesystem::path& path);

}  // namespace SOAP_ABI
}  // namespace soap
