// Samples as lists of numbers, for checkpoints.
#include <stdexcept>

#include "soap/diagnostics/diagnostics.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr std::size_t counters_a_sample = 3;
constexpr std::size_t figures_a_row = diagnostic_columns.size();

struct Lists {
  std::vector<std::int64_t> steps;     // epoch, step and examples of each sample
  std::vector<std::int64_t> measured;  // of each row, a bit for each figure that there is
  std::vector<double> figures;         // of each row, 0 where there is none
};

Lists to_lists(const std::vector<DiagnosticSample>& samples) {
  Lists lists;
  for (const DiagnosticSample& sample : samples) {
    lists.steps.insert(lists.steps.end(), {sample.epoch, sample.step, sample.examples});
    for (const LayerDiagnostics& row : sample.layers) {
      std::int64_t measured = 0;
      for (std::size_t i = 0; i < figures_a_row; ++i) {
        const auto& figure = row.*diagnostic_columns[i].value;
        if (figure) measured |= std::int64_t{1} << i;
        lists.figures.push_back(figure.value_or(0));
      }
      lists.measured.push_back(measured);
    }
  }
  return lists;
}

LayerDiagnostics row_of(const Lists& lists, std::size_t row, std::string layer) {
  LayerDiagnostics made{.layer = std::move(layer)};
  for (std::size_t i = 0; i < figures_a_row; ++i) {
    if ((lists.measured[row] >> i & 1) != 0)
      made.*diagnostic_columns[i].value = lists.figures[row * figures_a_row + i];
  }
  return made;
}

std::vector<DiagnosticSample> to_samples(const Lists& lists, const std::vector<std::string>& layers) {
  const std::size_t count = lists.steps.size() / counters_a_sample;
  const std::size_t rows = count * layers.size();
  if (lists.steps.size() % counters_a_sample != 0 || lists.measured.size() != rows ||
      lists.figures.size() != rows * figures_a_row) {
    throw std::invalid_argument("diagnostics: found lists of " + std::to_string(lists.steps.size()) + ", " +
                                std::to_string(lists.measured.size()) + " and " +
                                std::to_string(lists.figures.size()) + " numbers, expected those of " +
                                std::to_string(layers.size()) + " rows a sample");
  }
  std::vector<DiagnosticSample> samples;
  for (std::size_t s = 0; s < count; ++s) {
    const auto* counters = &lists.steps[s * counters_a_sample];
    samples.push_back({.epoch = counters[0], .step = counters[1], .examples = counters[2], .layers = {}});
    for (std::size_t l = 0; l < layers.size(); ++l)
      samples.back().layers.push_back(row_of(lists, s * layers.size() + l, layers[l]));
  }
  return samples;
}

}  // namespace

void Diagnostics::visit_state(RunStateVisitor& visitor) {
  Lists lists = to_lists(samples_);
  visitor.counters("diagnostics.steps", lists.steps);
  visitor.counters("diagnostics.measured", lists.measured);
  visitor.numbers("diagnostics.figures", lists.figures);
  std::vector<std::string> layers;
  for (const Place& place : places_) layers.push_back("layers." + std::to_string(place.l));
  layers.emplace_back("all");
  samples_ = to_samples(lists, layers);
}

}  // namespace SOAP_ABI
}  // namespace soap
