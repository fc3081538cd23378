#include "soap/nn/network.hpp"

#include <stdexcept>
#include <string>

#include "soap/base/fingerprint.hpp"
#include "soap/linalg/state.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

bool shows_parameters(auto& owner) {
  bool found = false;
  owner.visit_parameters([&](Parameter) { found = true; });
  return found;
}

}  // namespace

void detail::refuse_layer(const char* who, std::size_t l, std::size_t depth) {
  const std::string expected =
      depth == 0 ? "none, since there are no layers" : "at most " + std::to_string(depth - 1);
  throw std::invalid_argument(std::string(who) + ": found layer " + std::to_string(l) + ", expected " +
                              expected);
}

Workspace::Workspace(const Network& network, Index capacity) : layout_(network.layout_), capacity_(capacity) {
  if (capacity < 1) {
    throw std::invalid_argument("workspace: found a capacity of " + std::to_string(capacity) +
                                " examples, expected at least 1");
  }
  for (std::size_t l = 0; l < network.depth(); ++l) {
    outputs_.emplace_back(network.layer_shape(l).outputs, capacity);
    errors_.emplace_back(network.layer_shape(l).outputs, capacity);
  }
}

Layer& Network::add(std::unique_ptr<Layer> layer) {
  if (!layer) throw std::invalid_argument("network: found no layer, expected one");
  const LayerShape shape = layer->shape(outputs());
  shapes_.push_back(shape);
  layout_ = fingerprint({reinterpret_cast<const char*>(&shape.outputs), sizeof shape.outputs}, layout_);
  layers_.push_back(std::move(layer));
  initialized_ = false;
  return *layers_.back();
}

void Network::initialize(std::uint64_t seed, std::uint64_t feedback_seed) {
  std::uint64_t weighted = 0;
  for (std::size_t l = 0; l < depth(); ++l) {
    if (!shows_parameters(layer(l))) continue;
    if (weighted == 0) lowest_weighted_ = l;
    layer(l).initialize({.seed = seed,
                         .index = weighted,
                         .n_out = outputs(),
                         .sends_down = weighted > 0,
                         .feedback_seed = feedback_seed});
    ++weighted;
  }
  if (weighted == 0) throw std::logic_error("network: no layer has parameters, there is nothing to train");
  initialized_ = true;
  learned_feedbacks_.clear();
  for_each_feedback([&](std::size_t l, Feedback& feedback) {
    if (shows_parameters(feedback)) learned_feedbacks_.push_back(l);
  });
}

Index Network::parameter_count() {
  Index count = 0;
  visit_parameters([&](Parameter parameter) { count += parameter.value.size(); });
  return count;
}

void Network::check_workspace(const Workspace& workspace) const {
  if (!initialized_) throw std::logic_error("network: call initialize(seed) before the first pass");
  if (workspace.layout_ != layout_)
    throw std::invalid_argument("network: found a workspace of other layers, expected one of this network");
}

void Network::check_columns(const char* what, ConstRef found, Index rows, const Workspace& workspace) const {
  if (found.rows() == rows && found.cols() == workspace.batch_) return;
  throw std::invalid_argument("network: found " + std::string(what) + " of " + std::to_string(found.rows()) +
                              "x" + std::to_string(found.cols()) + ", expected " + std::to_string(rows) +
                              " rows and the " + std::to_string(workspace.batch_) +
                              " columns of the last forward pass");
}

void Network::forward(ConstRef x, Workspace& workspace, Phase phase) {
  forward(x, workspace, phase, [](std::size_t, Ref) {});
}

void Network::forward(ConstRef x, Workspace& workspace, Phase phase, PassHook hook) {
  check_workspace(workspace);
  if (x.rows() != inputs() || x.cols() > workspace.capacity()) {
    throw std::invalid_argument("network: found an input of " + std::to_string(x.rows()) + "x" +
                                std::to_string(x.cols()) + ", expected " + std::to_string(inputs()) +
                                " rows and at most " + std::to_string(workspace.capacity()) + " columns");
  }
  workspace.batch_ = x.cols();
  workspace.phase_ = phase;
  layer(0).forward(x, workspace.output(0), phase);
  hook(0, workspace.output(0));
  for (std::size_t l = 1; l < depth(); ++l) {
    layer(l).forward(workspace.output(l - 1), workspace.output(l), phase);
    hook(l, workspace.output(l));
  }
}

void Network::backward(ConstRef targets, Workspace& workspace) {
  backward(targets, workspace, [](std::size_t, Ref) {});
}

void Network::backward(ConstRef targets, Workspace& workspace, PassHook hook) {
  check_workspace(workspace);
  check_columns("targets", targets, outputs(), workspace);
  const Teaching teaching{workspace.error(depth() - 1), targets};
  for (std::size_t l = depth() - 1; l > lowest_weighted_; --l) {
    if (Weighted* edge = layer(l).weighted()) {
      edge->send(workspace.error(l), teaching, workspace.error(l - 1));
    } else {
      derive_through(l, workspace);
    }
    hook(l - 1, workspace.error(l - 1));
  }
}

void Network::backpropagate(Workspace& workspace) {
  check_workspace(workspace);
  for (std::size_t l = depth() - 1; l > lowest_weighted_; --l) derive_through(l, workspace);
}

void Network::backward_through(std::size_t l, Workspace& workspace) {
  check_workspace(workspace);
  if (l == 0) throw std::invalid_argument("network: found layer 0, expected one with a layer below");
  derive_through(l, workspace);
}

void Network::derive_through(std::size_t l, Workspace& workspace) {
  layer(l).backward(workspace.output(l - 1), workspace.output(l), workspace.error(l), workspace.phase_,
                    workspace.error(l - 1));
}

void Network::before_step(std::int64_t examples_seen) {
  for_each_feedback(
      [&](std::size_t l, Feedback& feedback) { feedback.before_step(*layer(l).weights(), examples_seen); });
}

void Network::for_each_feedback(FunctionRef<void(std::size_t l, Feedback& feedback)> visit) {
  for (std::size_t l = lowest_weighted_ + 1; l < depth(); ++l) {
    if (Feedback* feedback = layer(l).feedback()) visit(l, *feedback);
  }
}

void Network::visit_parameters(ParameterVisitor visit) {
  for (std::size_t l = 0; l < depth(); ++l) {
    layer(l).visit_parameters([&](Parameter parameter) {
      const std::string name = "layers." + std::to_string(l) + "." + std::string(parameter.name);
      visit({name, parameter.value, l});
    });
  }
}

void Network::visit_feedback_parameters(ParameterVisitor visit) {
  for_each_feedback([&](std::size_t l, Feedback& feedback) {
    feedback.visit_parameters([&](Parameter parameter) {
      const std::string name = "layers." + std::to_string(l) + ".feedback." + std::string(parameter.name);
      visit({name, parameter.value, l});
    });
  });
}

void Network::visit_feedback_gradients(const Workspace& workspace, GradientVisitor visit) {
  check_workspace(workspace);
  for (const std::size_t l : learned_feedbacks_) {
    layer(l).weighted()->visit_feedback_gradients(workspace.output(l - 1), workspace.error(l),
                                                  workspace.error(depth() - 1), visit);
  }
}

void Network::visit_state(StateVisitor& visitor) {
  visit_parameters([&](Parameter parameter) { visitor.matrix(parameter.name, parameter.value); });
  for (std::size_t l = 0; l < depth(); ++l) {
    PrefixedVisitor prefixed(visitor, "layers." + std::to_string(l) + ".");
    layer(l).visit_state(prefixed);
  }
  for_each_feedback([&](std::size_t l, Feedback& feedback) {
    PrefixedVisitor prefixed(visitor, "layers." + std::to_string(l) + ".feedback.");
    feedback.visit_state(prefixed);
  });
}

std::optional<double> Network::transported_bits(std::int64_t steps) {
  std::optional<double> sum = 0;
  for_each_feedback([&](std::size_t l, Feedback& feedback) {
    const auto bits = feedback.transported_bits(*layer(l).weights(), steps);
    sum = sum && bits ? std::optional(*sum + *bits) : std::nullopt;
  });
  return sum;
}

void Network::visit_gradients(ConstRef x, const Workspace& workspace, GradientVisitor visit) {
  check_workspace(workspace);
  check_columns("an input", x, inputs(), workspace);
  for (std::size_t l = lowest_weighted_; l < depth(); ++l) {
    if (l == 0) {
      layer(l).visit_gradients(x, workspace.error(l), visit);
    } else {
      layer(l).visit_gradients(workspace.output(l - 1), workspace.error(l), visit);
    }
  }
}

std::map<std::string, std::string> layers_and_rules(Network& network) {
  std::map<std::string, std::string> parts;
  for (std::size_t l = 0; l < network.depth(); ++l) {
    const std::string name = "layers." + std::to_string(l);
    parts[name] = network.layer(l).describe();
    const Feedback* feedback = network.layer(l).feedback();
    if (feedback != nullptr && l > network.lowest_weighted()) parts[name + ".feedback"] = feedback->rule();
  }
  return parts;
}

std::string name_layer(const Network& network, std::size_t l) {
  return "layer " + std::to_string(l) + " (" + network.layer(l).describe() + ")";
}

}  // namespace SOAP_ABI
}  // namespace soap
