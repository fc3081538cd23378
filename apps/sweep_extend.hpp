// `--extend`: a grid that grows where a best learning rate lies at its edge.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/sweep/grid.hpp"
#include "soap/sweep/selection.hpp"

#include "sweep_settings.hpp"

namespace sweep_app {

// Adds a learning rate to the grid of each method, so that all have had as many trials. False where no
// rate lies beyond that a number can hold.
inline bool widen(Settings& settings, bool below) {
  const double from = below ? settings.lrs.front() : settings.lrs.back();
  const double to = below ? soap::below_grid(settings.lrs) : soap::above_grid(settings.lrs);
  if (!(static_cast<soap::Scalar>(to) > 0 && to <= most_lr) || (below ? to >= from : to <= from))
    return false;
  std::vector<soap::TrialSetting> more;
  for (soap::TrialSetting setting : settings.tuning) {
    if (setting.options.lr != rate_of(settings, from, setting.options)) continue;
    setting.options.lr = rate_of(settings, to, setting.options);
    more.push_back(std::move(setting));
  }
  settings.tuning.insert(settings.tuning.end(), more.begin(), more.end());
  settings.lrs.insert(below ? settings.lrs.begin() : settings.lrs.end(), to);
  return true;
}

// Whether a method's best setting lies at this edge.
inline bool at_edge(const std::vector<soap::Selection>& selections, const soap::Edge& edge) {
  return std::any_of(selections.begin(), selections.end(), [&](const soap::Selection& selection) {
    return std::find(selection.edges.begin(), selection.edges.end(), edge) != selection.edges.end();
  });
}

// Widens the learning rates at each end where a method's best lies; false where there is nothing to widen.
inline bool extend(Settings& settings, const std::vector<soap::Selection>& selections) {
  bool widened = false;
  for (const bool highest : {false, true}) {
    if (at_edge(selections, {.name = "lr", .highest = highest})) widened |= widen(settings, !highest);
  }
  return widened;
}

// What `--extend` left at an edge, and why; nothing where it left nothing.
inline std::string left_at_edges(const std::vector<soap::Selection>& selections, int widenings) {
  std::vector<std::string> rates;
  std::set<std::string> others;
  for (const bool highest : {false, true}) {
    if (at_edge(selections, {.name = "lr", .highest = highest}))
      rates.push_back(std::string("lr still at the ") + (highest ? "highest" : "lowest"));
  }
  for (const soap::Selection& selection : selections) {
    for (const soap::Edge& edge : selection.edges) {
      if (edge.name != "lr") others.insert(edge.name);
    }
  }
  std::string text;
  if (!rates.empty())
    text += "--extend stopped after " + std::to_string(widenings) +
            (widenings == 1 ? " widening; " : " widenings; ") + soap::join(rates, " and ") + "\n";
  if (!others.empty())
    text += "--extend widens lr alone; at an edge: " +
            soap::join(std::vector<std::string>(others.begin(), others.end()), ", ") + "\n";
  return text;
}

}  // namespace sweep_app
