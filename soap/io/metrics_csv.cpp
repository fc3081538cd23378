#include "soap/io/metrics_csv.hpp"

#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/linalg/state.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

class MetricsFile final : public Observer {
 public:
  MetricsFile(std::filesystem::path path, RunLabel label, std::int64_t log_interval)
      : path_(std::move(path)), recorder_(std::move(label), log_interval) {}

  void run_started(const RunStart& event) override { recorder_.run_started(event); }
  void step_ended(const StepEnd& event) override { recorder_.step_ended(event); }
  void epoch_ended(const EpochEnd& event) override { recorder_.epoch_ended(event); }
  void run_ended(const RunEnd& event) override {
    recorder_.run_ended(event);
    write_file_atomically(path_, metrics_header() + recorder_.rows());
  }
  void visit_state(RunStateVisitor& visitor) override { recorder_.visit_state(visitor); }

 private:
  std::filesystem::path path_;
  MetricsRecorder recorder_;
};

}  // namespace

std::unique_ptr<Observer> metrics_file(std::filesystem::path path, RunLabel label,
                                       std::int64_t log_interval) {
  return std::make_unique<MetricsFile>(std::move(path), std::move(label), log_interval);
}

std::string metrics_header() {
  return "rule,step_kind,lr,seed,epoch,step,examples,train_loss,test_loss,test_accuracy,seconds\n";
}

RunColumns::RunColumns(const CsvTable& table)
    : table_(&table),
      rule_(table.column("rule")),
      step_kind_(table.column("step_kind")),
      lr_(table.column("lr")),
      seed_(table.column("seed")) {}

RunLabel RunColumns::label(std::size_t row) const {
  const double lr = table_->required(row, lr_, "a learning rate");
  if (!std::isfinite(lr)) table_->fail(row, lr_, "a finite number");
  return {.rule = std::string(table_->text(row, rule_)),
          .step_kind = std::string(table_->text(row, step_kind_)),
          .lr = lr,
          .seed = table_->required<std::uint64_t>(row, seed_, "a seed")};
}

MetricsRecorder::MetricsRecorder(RunLabel label, std::int64_t log_interval)
    : label_(std::move(label)), log_interval_(log_interval) {
  if (log_interval < 1) {
    throw std::invalid_argument("log interval: found " + std::to_string(log_interval) +
                                ", expected at least 1 step");
  }
}

void MetricsRecorder::run_started(const RunStart&) {
  rows_.clear();
  curve_ = {};
  last_row_.reset();
  loss_sum_ = 0;
  losses_ = 0;
}

void MetricsRecorder::step_ended(const StepEnd& event) {
  write_last_row();
  loss_sum_ += event.loss;
  ++losses_;
  next_row_ = {
      .epoch = event.epoch, .step = event.step, .examples = event.examples, .seconds = event.seconds};
  if (event.step % log_interval_ == 0) close_row();
}

void MetricsRecorder::epoch_ended(const EpochEnd& event) {
  if (losses_ > 0) close_row();
  if (last_row_) last_row_->evaluation = event.evaluation;
}

void MetricsRecorder::run_ended(const RunEnd&) {
  if (losses_ > 0) close_row();
  write_last_row();
}

void MetricsRecorder::visit_state(RunStateVisitor& visitor) {
  visitor.text("metrics.rows", rows_);
  visitor.counters("metrics.steps", curve_.steps);
  visitor.numbers("metrics.losses", curve_.losses);
  visitor.number("metrics.loss_sum", loss_sum_);
  visitor.counter("metrics.losses_summed", losses_);
  visit_row(visitor, "metrics.next_row", next_row_);
  visitor.optional("metrics.held_back", last_row_,
                   [&](Row& row) { visit_row(visitor, "metrics.last_row", row); });
}

void MetricsRecorder::visit_row(RunStateVisitor& visitor, const std::string& name, Row& row) {
  visitor.counter(name + ".epoch", row.epoch);
  visitor.counter(name + ".step", row.step);
  visitor.counter(name + ".examples", row.examples);
  visitor.number(name + ".seconds", row.seconds);
  visitor.number(name + ".train_loss", row.train_loss);
  visit_evaluation(visitor, name + ".evaluation", row.evaluation);
}

void MetricsRecorder::close_row() {
  write_last_row();
  last_row_ = next_row_;
  last_row_->train_loss = loss_sum_ / static_cast<double>(losses_);
  loss_sum_ = 0;
  losses_ = 0;
}

void MetricsRecorder::write_last_row() {
  if (!last_row_) return;
  const Row& row = *last_row_;
  curve_.steps.push_back(row.step);
  curve_.losses.push_back(row.train_loss);
  rows_ += csv_field(label_.rule) + ',' + csv_field(label_.step_kind) + ',' + to_text(label_.lr) + ',' +
           std::to_string(label_.seed) + ',' + std::to_string(row.epoch) + ',' + std::to_string(row.step) +
           ',' + std::to_string(row.examples) + ',' + to_text(row.train_loss) + ',' +
           (row.evaluation ? to_text(row.evaluation->loss) : "") + ',' +
           (row.evaluation && row.evaluation->accuracy ? to_text(*row.evaluation->accuracy) : "") + ',' +
           fixed(row.seconds, 6) + '\n';
  last_row_.reset();
}

std::vector<AccuracyCurve> read_accuracies(const std::filesystem::path& path) {
  std::vector<AccuracyCurve> curves;
  std::map<RunLabel, std::size_t> positions;
  read_csv_in_parts(path, [&](const CsvTable& table) {
    const RunColumns columns(table);
    const std::size_t examples = table.column("examples");
    const std::size_t accuracy = table.column("test_accuracy");
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const auto value = table.number(row, accuracy);
      if (!value) continue;
      const RunLabel label = columns.label(row);
      const auto [found, fresh] = positions.try_emplace(label, curves.size());
      if (fresh) curves.push_back({label, {}, {}});
      curves[found->second].examples.push_back(
          table.required<std::int64_t>(row, examples, "a number of examples"));
      curves[found->second].accuracies.push_back(*value);
    }
  });
  return curves;
}

}  // namespace SOAP_ABI
}  // namespace soap
