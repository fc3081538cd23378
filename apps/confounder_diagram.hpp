// The causal diagram of comparing learning rules.
#pragma once

#include "soap/plot/diagram.hpp"
#include "soap/plot/palette.hpp"

namespace weight_transport {

/// The size of a rule's updates stands between the rule and its speed: with one learning rate for all, a rule
/// looks fast for taking longer steps; tuned, each takes the steps that suit it, and that way is closed.
inline soap::Diagram confounder_diagram() {
  constexpr soap::Color gray = soap::color(0x777777);
  const soap::Color blue = soap::palette_color(0);
  const soap::Color red = soap::palette_color(1);
  const auto panel = [&](bool tuned) {
    soap::DiagramPanel drawn;
    drawn.boxes = {{.text = "learning rule: how B follows W", .center = {95, 215}, .color = blue},
                   {.text = "size of the steps: learning rate × size of B",
                    .center = {250, 82},
                    .width = 190,
                    .color = red},
                   {.text = "speed, accuracy", .center = {405, 215}, .color = blue}};
    drawn.arrows = {
        {.from = 0, .to = 2, .label = "what we ask", .color = blue},
        {.from = 0,
         .to = 1,
         .label = tuned ? "cut" : "B may be larger",
         .color = tuned ? gray : red,
         .cut = tuned},
        {.from = 1, .to = 2, .label = "longer steps are faster, or diverge", .color = tuned ? gray : red}};
    drawn.title = tuned ? "Each rule at its best learning rate" : "One learning rate for all rules";
    drawn.note = tuned ? "Each rule takes the steps that suit it: what is left is the rule's own."
                       : "The rule also acts through the size of its steps: one learning rate mixes the two.";
    return drawn;
  };
  return {.panels = {panel(false), panel(true)}};
}

}  // namespace weight_transport
