// Instruments: how far a learning rule is from backpropagation, layer by layer, while it trains.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/learn/observer.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The figures of one layer that has parameters, or of the whole network, at one step. None: not measured, or
/// not defined there. docs/diagnostics.md has all formulas.
///
/// The layer's weights W_l are one edge between the units below and its own. The first two groups are about
/// what happens to an error on its way down across that edge, so the lowest layer has none; the others are
/// about the layer's own units and weights.
struct LayerDiagnostics {
  std::string layer;  ///< "layers.2", as in the names of parameters, or "all"

  /// The feedback's matrix B (see Feedback::way) against Wᵀ; one that leads straight from the output
  /// against the product of the transposed weights of this edge and all above it, without the slopes of the
  /// activations between. As both are in the step's own pass, or after the step where the optimizer trains B.
  std::optional<double> feedback_angle = {};             ///< degrees
  std::optional<double> sign_concordance = {};           ///< share of entries
  std::optional<double> weighted_sign_concordance = {};  ///< weighted by the size of W's entries
  std::optional<double> feedback_norm_ratio = {};        ///< ‖B‖/‖W‖

  /// What the rule sent down across the edge, against Wᵀ times the rule's own delta above it.
  std::optional<double> local_delta_angle = {};
  std::optional<double> local_delta_norm_ratio = {};

  /// The rule's delta at the layer's output, before its activation, against that of backpropagation through
  /// all the layers above, on the same batch and weights: end to end. 0 and 1 for the output layer under
  /// the ordinary step.
  std::optional<double> delta_angle = {};
  std::optional<double> delta_norm_ratio = {};

  /// The change of the layer's parameters, bias included, in this step, whatever the optimizer, against the
  /// descent direction -gradient of the batch's loss; the ratio is ‖change‖/(lr·‖gradient‖).
  std::optional<double> update_angle = {};
  std::optional<double> update_norm_ratio = {};

  /// Of the whole network: (L before - L after)/(‖gradient‖·‖change‖) on the same batch, the decrease of the
  /// loss over what the gradient promised for a step of that length in its best direction. For short steps
  /// the cosine of update_angle.
  std::optional<double> descent_efficiency = {};

  /// Of the activity between this layer and the next, before the step; see UnitShares and `effective_rank`.
  /// The rank, which cannot exceed the number of examples, is not measured on a batch shorter than the
  /// others.
  std::optional<double> dead_units = {};
  std::optional<double> saturated_units = {};
  std::optional<double> effective_rank = {};

  /// Bits about the weights that have crossed over to the feedback until now, over the examples seen.
  std::optional<double> bits_per_example = {};
};

/// A figure's name, as in the header of diagnostics.csv, and where it stands.
struct DiagnosticColumn {
  std::string_view name;
  std::optional<double> LayerDiagnostics::*value;
};

/// All of them, in the order of diagnostics.csv.
inline constexpr std::array<DiagnosticColumn, 15> diagnostic_columns{{
    {"feedback_angle", &LayerDiagnostics::feedback_angle},
    {"sign_concordance", &LayerDiagnostics::sign_concordance},
    {"weighted_sign_concordance", &LayerDiagnostics::weighted_sign_concordance},
    {"feedback_norm_ratio", &LayerDiagnostics::feedback_norm_ratio},
    {"local_delta_angle", &LayerDiagnostics::local_delta_angle},
    {"local_delta_norm_ratio", &LayerDiagnostics::local_delta_norm_ratio},
    {"delta_angle", &LayerDiagnostics::delta_angle},
    {"delta_norm_ratio", &LayerDiagnostics::delta_norm_ratio},
    {"update_angle", &LayerDiagnostics::update_angle},
    {"update_norm_ratio", &LayerDiagnostics::update_norm_ratio},
    {"descent_efficiency", &LayerDiagnostics::descent_efficiency},
    {"dead_units", &LayerDiagnostics::dead_units},
    {"saturated_units", &LayerDiagnostics::saturated_units},
    {"effective_rank", &LayerDiagnostics::effective_rank},
    {"bits_per_example", &LayerDiagnostics::bits_per_example},
}};

/// The figures of one step.
struct DiagnosticSample {
  std::int64_t epoch;
  std::int64_t step;
  std::int64_t examples;                 ///< seen, this step's included
  std::vector<LayerDiagnostics> layers;  ///< from below; last the whole network
};

struct DiagnosticsOptions {
  std::int64_t interval = 100;  ///< steps between samples
};

/// Takes a sample at step 1, after steps k, 2k, ... where k is the interval, and at the end of each epoch. It
/// changes nothing: training comes out the same, bit for bit. A sample costs about ten training steps, and
/// the memory of three more copies of the parameters. Steps that are rules by themselves have no feedback to
/// measure, and steps without a `last_pass` no delta. Its own passes are made in Phase::evaluation.
class Diagnostics final : public Observer {
 public:
  /// Throws std::invalid_argument when the interval is below 1.
  explicit Diagnostics(const DiagnosticsOptions& options = {});

  void run_started(const RunStart& event) override;
  void step_started(const StepStart& event) override;
  void step_ended(const StepEnd& event) override;
  /// The samples.
  void visit_state(RunStateVisitor& visitor) override;

  /// Of the last run.
  [[nodiscard]] const std::vector<DiagnosticSample>& samples() const { return samples_; }

 private:
  // A layer with parameters, and its place in the matrices that hold all parameters in one column.
  struct Place {
    std::size_t l;
    Index first = 0;
    Index count = 0;
    std::optional<Index> weights = std::nullopt;         // where W starts
    std::optional<std::size_t> activity = std::nullopt;  // the layer whose output the next of these takes
    double largest_slope = 0;                            // of that activity
  };

  [[nodiscard]] bool is_due(std::int64_t step) const {
    return step == 1 || step % interval_ == 0 || step % steps_per_epoch_ == 0;
  }
  void measure_activity(Network& network, const Place& place, LayerDiagnostics& row);
  void measure_edges(const StepEnd& event);
  void measure_deltas(Network& network, const LearningStep& learning);
  void measure_updates(const StepEnd& event);
  void measure_descent(const StepEnd& event);
  [[nodiscard]] ConstView weights_before(Network& network, const Place& place) const;

  std::int64_t interval_;
  std::int64_t steps_per_epoch_ = 1;
  std::vector<Place> places_;
  std::optional<Workspace> workspace_;  // backpropagation's
  Matrix before_;                       // the parameters, one column
  Matrix change_;
  Matrix descent_;  // -gradient
  Matrix below_;    // Wᵀ·delta
  const Loss* loss_ = nullptr;
  double loss_before_ = 0;
  std::vector<LayerDiagnostics> rows_;  // of the sample under way
  std::vector<DiagnosticSample> samples_;
};

}  // namespace SOAP_ABI
}  // namespace soap
