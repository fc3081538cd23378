#include "soap/nn/network.hpp"

#include <stdexcept>

#include "soap/feedback/registry.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/dense.hpp"

namespace soap::inline SOAP_ABI {

namespace {

bool has_parameters(Layer& layer) {
  bool found = false;
  layer.visit_parameters([&](std::string_view, Ref) { found = true; });
  return found;
}

}  // namespace

Workspace::Workspace(const Network& network, Index capacity) : capacity_(capacity) {
  for (std::size_t l = 0; l < network.depth(); ++l) {
    outputs_.emplace_back(network.layer_shape(l).outputs, capacity);
    errors_.emplace_back(network.layer_shape(l).outputs, capacity);
  }
}

Layer& Network::add(std::unique_ptr<Layer> layer) {
  if (!layer) throw std::invalid_argument("network: found no layer, expected one");
  shapes_.push_back(layer->shape(outputs()));
  layers_.push_back(std::move(layer));
  initialized_ = false;
  return *layers_.back();
}

void Network::initialize(std::uint64_t seed) {
  std::uint64_t weighted = 0;
  for (std::size_t l = 0; l < depth(); ++l) {
    if (!has_parameters(layer(l))) continue;
    if (weighted == 0) lowest_weighted_ = l;
    layer(l).initialize({.seed = seed, .index = weighted, .n_out = outputs(), .sends_down = weighted > 0});
    ++weighted;
  }
  if (weighted == 0) throw std::logic_error("network: no layer has parameters, there is nothing to train");
  initialized_ = true;
}

Index Network::parameter_count() {
  Index count = 0;
  visit_parameters([&](std::string_view, Ref value) { count += value.size(); });
  return count;
}

void Network::forward(ConstRef x, Workspace& workspace, Phase phase) {
  if (!initialized_) throw std::logic_error("network: call initialize(seed) before the first pass");
  if (x.rows() != inputs() || x.cols() > workspace.capacity()) {
    throw std::invalid_argument("network: found an input of " + std::to_string(x.rows()) + "x" +
                                std::to_string(x.cols()) + ", expected " + std::to_string(inputs()) +
                                " rows and at most " + std::to_string(workspace.capacity()) + " columns");
  }
  workspace.batch_ = x.cols();
  layer(0).forward(x, workspace.output(0), phase);
  for (std::size_t l = 1; l < depth(); ++l)
    layer(l).forward(workspace.output(l - 1), workspace.output(l), phase);
}

void Network::backward(ConstRef targets, Workspace& workspace) {
  const Teaching teaching{workspace.error(depth() - 1), targets};
  for (std::size_t l = depth() - 1; l > lowest_weighted_; --l) {
    layer(l).backward(workspace.output(l - 1), workspace.output(l), workspace.error(l), teaching,
                      workspace.error(l - 1));
  }
}

void Network::before_step(std::int64_t examples_seen) {
  for (std::size_t l = lowest_weighted_ + 1; l < depth(); ++l) {
    Feedback* feedback = layer(l).feedback();
    if (feedback != nullptr && layer(l).weights() != nullptr)
      feedback->before_step(*layer(l).weights(), examples_seen);
  }
}

void Network::visit_parameters(ParameterVisitor visit) {
  for (std::size_t l = 0; l < depth(); ++l) {
    layer(l).visit_parameters([&](std::string_view name, Ref value) {
      visit("layers." + std::to_string(l) + "." + std::string(name), value);
    });
  }
}

void Network::visit_gradients(ConstRef x, const Workspace& workspace, GradientVisitor visit) {
  for (std::size_t l = lowest_weighted_; l < depth(); ++l) {
    if (l == 0) {
      layer(l).visit_gradients(x, workspace.error(l), visit);
    } else {
      layer(l).visit_gradients(workspace.output(l - 1), workspace.error(l), visit);
    }
  }
}

Network mlp(const std::vector<Index>& sizes, const MlpOptions& options) {
  if (sizes.size() < 2) throw std::invalid_argument("mlp: expected at least an input and an output size");
  Network net;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    if (i > 1) net.add(make_activation(options.activation));
    net.add<Dense>(sizes[i - 1], sizes[i], make_feedback(options.rule),
                   DenseOptions{.initializer = options.initializer});
  }
  net.initialize(options.seed);
  return net;
}

}  // namespace soap::inline SOAP_ABI
