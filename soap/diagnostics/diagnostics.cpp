#include "soap/diagnostics/diagnostics.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

#include "soap/diagnostics/hidden_slopes.hpp"
#include "soap/diagnostics/measures.hpp"
#include "soap/linalg/gemm.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

void copy_parameters(Network& network, Matrix& column) {
  Index first = 0;
  network.visit_parameters([&](Parameter parameter) {
    Eigen::Map<Matrix>(column.data() + first, parameter.value.rows(), parameter.value.cols()) =
        parameter.value;
    first += parameter.value.size();
  });
}

bool is_trained(Feedback& feedback) {
  bool found = false;
  feedback.visit_parameters([&](Parameter) { found = true; });
  return found;
}

std::optional<double> finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> per_example(std::optional<double> bits, std::int64_t examples) {
  if (!bits) return std::nullopt;
  return *bits / static_cast<double>(examples);
}

}  // namespace

Diagnostics::Diagnostics(const DiagnosticsOptions& options) : interval_(options.interval) {
  if (options.interval < 1) {
    throw std::invalid_argument("diagnostics: the interval is " + std::to_string(options.interval) +
                                ", expected at least 1 step");
  }
}

void Diagnostics::run_started(const RunStart& event) {
  Network& network = event.network;
  samples_.clear();
  steps_per_epoch_ = event.steps_per_epoch;
  places_.clear();
  workspace_.reset();
  Index first = 0;
  for (std::size_t l = 0; l < network.depth(); ++l) {
    Place place{.l = l, .first = first};
    const Matrix* weights = network.layer(l).weights();
    const LayerShape shape = network.layer_shape(l);
    const bool fits =
        weights != nullptr && weights->rows() == shape.outputs && weights->cols() == shape.inputs;
    network.layer(l).visit_parameters([&](Parameter parameter) {
      if (fits && parameter.value.data() == weights->data()) place.weights = first;
      first += parameter.value.size();
    });
    place.count = first - place.first;
    if (place.count == 0) continue;
    if (!places_.empty()) {
      Place& below = places_.back();
      below.activity = l - 1;
      below.largest_slope = largest_hidden_slope(network, below.l, l - 1);
    }
    places_.push_back(place);
  }
  before_.resize(first, 1);
  change_.resize(first, 1);
  descent_.resize(first, 1);
}

void Diagnostics::step_started(const StepStart& event) {
  if (!is_due(event.step)) return;
  Network& network = event.network;
  if (!workspace_) workspace_.emplace(network, event.batch.capacity());
  const std::size_t top = network.depth() - 1;
  copy_parameters(network, before_);
  network.forward(event.batch.inputs(), *workspace_, Phase::evaluation);
  loss_ = &event.loss;
  loss_before_ = event.loss.value_and_error(
      workspace_->output(top), {event.batch.targets(), event.batch.labels()}, workspace_->error(top));
  network.backpropagate(*workspace_);
  Index first = 0;
  network.visit_gradients(event.batch.inputs(), *workspace_, [&](Ref value, const Gradient& gradient) {
    gradient.accumulate(-1, 0, Eigen::Map<Matrix>(descent_.data() + first, value.rows(), value.cols()));
    first += value.size();
  });
  rows_.clear();
  for (const Place& place : places_) {
    rows_.push_back({.layer = "layers." + std::to_string(place.l)});
    if (place.activity) measure_activity(network, place, rows_.back());
  }
  rows_.push_back({.layer = "all"});
}

void Diagnostics::step_ended(const StepEnd& event) {
  if (!is_due(event.step)) return;
  if (event.learning.uses_feedback()) measure_edges(event);
  if (event.learning.last_pass() != nullptr) measure_deltas(event.network, event.learning);
  measure_updates(event);
  measure_descent(event);
  rows_.back().bits_per_example =
      per_example(event.learning.transported_bits(event.network, event.step), event.examples);
  samples_.push_back({event.epoch, event.step, event.examples, std::move(rows_)});
}

void Diagnostics::measure_activity(Network& network, const Place& place, LayerDiagnostics& row) {
  const Matrix slopes = hidden_slopes(network, place.l, *place.activity, workspace_->output(place.l));
  const UnitShares shares = unit_shares(slopes, place.largest_slope);
  row.dead_units = shares.dead;
  row.saturated_units = shares.saturated;
  const auto activity = workspace_->output(*place.activity);
  // Fewer examples bound the rank, but for the one by which the batches of an epoch differ.
  if (activity.cols() + 1 >= workspace_->capacity()) row.effective_rank = effective_rank(activity);
}

void Diagnostics::measure_edges(const StepEnd& event) {
  Network& network = event.network;
  Matrix path;  // from the output down to the layer at hand, along the transposed weights
  bool path_is_known = true;
  for (std::size_t i = places_.size(); i-- > 1;) {
    const Place& place = places_[i];
    Feedback* feedback = network.layer(place.l).feedback();
    if (feedback == nullptr || !place.weights) {
      path_is_known = false;
      continue;
    }
    const Matrix& W_after = *network.layer(place.l).weights();
    const ConstView W = is_trained(*feedback) ? ConstView(W_after) : weights_before(network, place);
    if (path_is_known && path.size() == 0) {
      path = W.transpose();
    } else if (path_is_known && path.rows() == W.rows()) {
      Matrix longer(W.cols(), path.cols());
      gemm(1, W.transpose(), path, 0, longer);
      path = std::move(longer);
    } else {
      path_is_known = false;
    }
    LayerDiagnostics& row = rows_[i];
    row.bits_per_example = per_example(feedback->transported_bits(W_after, event.step), event.examples);
    const Way way = feedback->way(W);
    const bool direct = way.carries != Carries::delta;
    if (direct && !path_is_known) continue;
    const Matrix B = way.matrix.copy();
    const Matrix reference = direct ? path : Matrix(W.transpose());
    row.feedback_angle = angle(B, reference);
    row.feedback_norm_ratio = norm_ratio(B, reference);
    if (const auto concordance = sign_concordance(B, reference)) {
      row.sign_concordance = concordance->share;
      row.weighted_sign_concordance = concordance->weighted;
    }
  }
}

void Diagnostics::measure_deltas(Network& network, const LearningStep& learning) {
  const Workspace& rule = *learning.last_pass();
  const std::size_t top = network.depth() - 1;
  // A step may have last worked on a part of the batch.
  if (rule.error(top).cols() != workspace_->error(top).cols()) return;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Place& place = places_[i];
    LayerDiagnostics& row = rows_[i];
    const auto delta = rule.error(place.l);
    row.delta_angle = angle(delta, workspace_->error(place.l));
    row.delta_norm_ratio = norm_ratio(delta, workspace_->error(place.l));
    if (i == 0 || !place.weights || !learning.uses_feedback()) continue;
    const ConstView W = weights_before(network, place);
    below_.resize(W.cols(), delta.cols());
    gemm(1, W.transpose(), delta, 0, below_);
    row.local_delta_angle = angle(rule.error(place.l - 1), below_);
    row.local_delta_norm_ratio = norm_ratio(rule.error(place.l - 1), below_);
  }
}

void Diagnostics::measure_updates(const StepEnd& event) {
  copy_parameters(event.network, change_);
  change_ -= before_;
  const auto compare = [&](Index first, Index count, LayerDiagnostics& row) {
    const auto change = change_.middleRows(first, count);
    const auto descent = descent_.middleRows(first, count);
    row.update_angle = angle(change, descent);
    row.update_norm_ratio = finite(norm(change) / (event.lr * norm(descent)));
  };
  for (std::size_t i = 0; i < places_.size(); ++i) compare(places_[i].first, places_[i].count, rows_[i]);
  compare(0, change_.rows(), rows_.back());
}

void Diagnostics::measure_descent(const StepEnd& event) {
  event.network.forward(event.batch.inputs(), *workspace_, Phase::evaluation);
  const double loss_after = loss_->value(workspace_->output(event.network.depth() - 1),
                                         {event.batch.targets(), event.batch.labels()});
  rows_.back().descent_efficiency = finite((loss_before_ - loss_after) / (norm(descent_) * norm(change_)));
}

ConstView Diagnostics::weights_before(Network& network, const Place& place) const {
  const Matrix& W = *network.layer(place.l).weights();
  return Eigen::Map<const Matrix>(before_.data() + *place.weights, W.rows(), W.cols());
}

}  // namespace SOAP_ABI
}  // namespace soap
