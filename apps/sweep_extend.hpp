// What is said of `--extend` at the end.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/sweep/rate_grid.hpp"

namespace sweep_app {

// What `--extend` left at an edge, and why; nothing where it left nothing.
inline std::string left_at_edges(const std::vector<soap::Selection>& selections, int widenings) {
  std::vector<std::string> rates;
  std::set<std::string> others;
  for (const bool highest : {false, true}) {
    if (soap::any_at_edge(selections, {.name = "lr", .highest = highest}))
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
