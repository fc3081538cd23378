#include "soap/learn/activity_propagation.hpp"

#include <cmath>
#include <stdexcept>

#include "soap/base/spec.hpp"
#include "soap/base/text.hpp"
#include "soap/linalg/state.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// While g2 stands in `d` as the difference, and before anything is sent.
void add_curvature(ActivityFigures& figures, ConstRef g1, ConstRef d, double eta, double damping) {
  figures.elements += static_cast<double>(g1.size());
  for (Index j = 0; j < g1.cols(); ++j) {
    for (Index i = 0; i < g1.rows(); ++i) {
      const double g = g1(i, j);
      const double difference = d(i, j);
      figures.negative_curvature += difference * g < 0 ? 1 : 0;
      figures.damped += damping > std::abs(difference) ? 1 : 0;
      figures.predicted_by_gradient -= eta * g * g;
      figures.predicted_by_secant -= eta * g * (g - difference / 2);
    }
  }
}

bool is_nonlinearity(Network& network, std::size_t l) { return network.layer(l).weights() == nullptr; }

void add_sent(ActivityFigures& figures, ConstRef g1, ConstRef sent) {
  figures.sent_uphill += static_cast<double>((g1.array() * sent.array() < 0).count());
  figures.sent_size += static_cast<double>(sent.squaredNorm());
}

}  // namespace

ActivityPropagationStep::ActivityPropagationStep(const ActivityPropagationOptions& options)
    : options_(options), secant_(options.secant) {
  if (!std::isfinite(options.lr) || options.lr <= 0) {
    throw std::invalid_argument("activity propagation: lr is " + to_text(options.lr) +
                                ", expected a finite number above 0");
  }
  if (options.warmup < 0) {
    throw std::invalid_argument("activity propagation: warmup is " + std::to_string(options.warmup) +
                                ", expected at least 0 passes");
  }
}

void ActivityPropagationStep::prepare(Network& network, Index capacity, std::uint64_t) {
  perturbed_.assign(network.depth(), false);
  std::optional<std::size_t> below;  // the weighted layer below
  for (std::size_t l = 0; l < network.depth(); ++l) {
    if (network.layer(l).weights() == nullptr) continue;
    if (below) perturbed_[options_.at == PerturbedActivity::preactivation ? *below : l - 1] = true;
    below = l;
  }
  if (perturbed().empty()) {
    throw std::invalid_argument("step 'soap': found a network of " + std::to_string(below ? 1 : 0) +
                                " weighted layers, expected at least 2: it perturbs hidden layers");
  }
  first_.emplace(network, capacity);
  second_.emplace(network, capacity);
  arrivals_.start(network.depth());
  sent_.start(network.depth());
  figures_.reset();
}

std::vector<std::size_t> ActivityPropagationStep::perturbed() const {
  std::vector<std::size_t> layers;
  for (std::size_t l = 0; l < perturbed_.size(); ++l) {
    if (perturbed_[l]) layers.push_back(l);
  }
  return layers;
}

Scalar ActivityPropagationStep::eta(ConstRef g1) const {
  return static_cast<Scalar>(options_.lr / static_cast<double>(g1.size()));
}

double ActivityPropagationStep::pass(const Batch& batch, const StepContext& context, Workspace& workspace,
                                     PassHook forward, PassHook backward) {
  const double loss = forward_and_loss(batch, context, workspace, forward);
  if (std::isfinite(loss)) context.network.backward(batch.targets(), workspace, backward);
  return loss;
}

double ActivityPropagationStep::run(const Batch& batch, const StepContext& context) {
  expect_prepared(second_.has_value());
  const bool ordinary = passes_ < options_.warmup;
  passes_ += 2;
  figures_.reset();
  context.network.before_step(context.examples_seen);
  const auto leave = [](std::size_t, Ref) {};
  Workspace& ordinary_pass = ordinary ? *second_ : *first_;
  const double loss = pass(batch, context, ordinary_pass, leave, leave);
  if (!std::isfinite(loss)) return loss;
  check_errors_arrive(context.network, ordinary_pass, arrivals_);
  if (!ordinary) {
    if (watched_) figures_.emplace();
    const auto move = [&](std::size_t l, Ref activity) {
      if (!perturbed_[l]) return;
      if (is_nonlinearity(context.network, l)) first_->output(l) = activity;
      activity -= eta(first_->error(l)) * first_->error(l);
    };
    const auto replace = [&](std::size_t l, Ref g2) {
      if (perturbed_[l + 1]) exchange_activity(context.network, l + 1);
      if (!perturbed_[l]) return;
      replace_error(l, g2);
      exchange_activity(context.network, l);
    };
    const double moved = pass(batch, context, *second_, move, replace);
    if (!std::isfinite(moved)) return moved;
    check_sent(context.network);
    if (figures_) finish_figures(moved - loss);
  }
  context.optimizer.step(context.network, batch.inputs(), *second_, context.lr_factor);
  return loss;
}

void ActivityPropagationStep::exchange_activity(Network& network, std::size_t l) {
  if (is_nonlinearity(network, l)) second_->output(l).swap(first_->output(l));
}

void ActivityPropagationStep::replace_error(std::size_t l, Ref g2) {
  const ConstView g1 = first_->error(l);
  secant_.subtract(g1, g2);
  if (figures_) add_curvature(*figures_, g1, g2, eta(g1), secant_.damping(g2));
  secant_.divide(g1, eta(g1), g2);
  if (figures_) add_sent(*figures_, g1, g2);
}

void ActivityPropagationStep::check_sent(Network& network) {
  for (std::size_t l = 0; l < perturbed_.size(); ++l) {
    if (!perturbed_[l] || !sent_.doubts(l) || first_->error(l).isZero(0)) continue;
    if (!sent_.gives_up(l, !second_->error(l).isZero(0), first_->error(l).cols())) continue;
    throw std::invalid_argument("step 'soap' sent nothing but zeros to " + name_layer(network, l) + ' ' +
                                within_patience() +
                                ": its activities move by less than they are rounded to, expected a larger "
                                "lr or damping");
  }
}

void ActivityPropagationStep::finish_figures(double change) {
  double squares = 0;
  for (const std::size_t l : perturbed()) squares += static_cast<double>(first_->error(l).squaredNorm());
  figures_->negative_curvature /= figures_->elements;
  figures_->damped /= figures_->elements;
  figures_->sent_uphill /= figures_->elements;
  figures_->sent_size = std::sqrt(figures_->sent_size / squares);
  figures_->actual = change;
}

void ActivityPropagationStep::visit_state(StateVisitor& visitor) {
  visitor.counter("passes", passes_);
  arrivals_.visit_state(visitor);
  PrefixedVisitor sent(visitor, "sent.");
  sent_.visit_state(sent);
}

std::unique_ptr<LearningStep> ActivityPropagationStep::make(Spec& spec) {
  ActivityPropagationOptions options;
  options.lr = spec.take_number("lr", options.lr, 0, "of the activities; above 0");
  if (options.lr == 0) spec.fail("lr is 0, expected a number above 0");
  options.secant.damping =
      spec.take_number("damping", options.secant.damping, 0, "keeps the quotient finite");
  options.secant.relative = spec.take_yes("relative", options.secant.relative,
                                          "whether damping is a share of the layer's mean |d|");
  options.secant.sign = static_cast<CurvatureSign>(
      spec.take_choice("curvature", "signed", {"signed", "absolute"},
                       "whether negative curvature sends a unit up the loss or counts by its size"));
  options.secant.average =
      spec.take_yes("average", options.secant.average, "one curvature a unit, not one for each example too");
  options.secant.size = static_cast<SentSize>(
      spec.take_choice("size", "newton", {"newton", "gradient"},
                       "of what is sent: as the quotient comes out, or scaled to the norm of the gradient"));
  options.at = static_cast<PerturbedActivity>(
      spec.take_choice("at", "preactivation", {"preactivation", "activation"},
                       "which activities are moved: before or after the nonlinearity"));
  options.warmup = spec.take_integer("warmup", options.warmup, 0,
                                     "steps among the first so many passes, two a step, are ordinary ones");
  return std::make_unique<ActivityPropagationStep>(options);
}

}  // namespace SOAP_ABI
}  // namespace soap
