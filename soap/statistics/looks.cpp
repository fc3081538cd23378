#include "soap/statistics/looks.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

#include "soap/statistics/boundary.hpp"
#include "soap/statistics/checks.hpp"
#include "soap/statistics/distributions.hpp"

namespace soap {

namespace {

void check(std::span<const std::size_t> looks, double alpha) {
  if (looks.empty()) throw std::invalid_argument("looks: found none, expected at least one");
  detail::check_share("looks", "alpha", alpha);
  std::size_t last = 0;
  for (const std::size_t look : looks) {
    if (look <= last) {
      throw std::invalid_argument("looks: found " + std::to_string(look) + " seeds after " +
                                  std::to_string(last) + ", expected more at each look");
    }
    last = look;
  }
}

// The walk at a look: where it may stand without having left its bounds before, which is symmetric about 0.
class Walk {
 public:
  /// Not yet started.
  Walk() : places_{0}, chances_{0.5} {}
  /// One more stretch of the given standard deviation, kept within `bound`; `steps` even.
  Walk(const Walk& before, double deviation, double bound, int steps) {
    const double width = bound / steps;
    for (int i = 0; i <= steps; ++i) {
      const double place = i * width;
      double density = 0;
      for (std::size_t j = 0; j < before.places_.size(); ++j) {
        density += before.chances_[j] * (normal_density((place - before.places_[j]) / deviation) +
                                         normal_density((place + before.places_[j]) / deviation));
      }
      const int simpson = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      places_.push_back(place);
      chances_.push_back(density / deviation * simpson * width / 3);
    }
  }
  /// The chance that it stands beyond ±bound after one more stretch.
  [[nodiscard]] double beyond(double bound, double deviation) const {
    double chance = 0;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      chance += chances_[i] * (normal_below((places_[i] - bound) / deviation) +
                               normal_below((-places_[i] - bound) / deviation));
    }
    return 2 * chance;
  }

 private:
  std::vector<double> places_;   // from 0 up
  std::vector<double> chances_;  // of standing near each; as many below 0
};

}  // namespace

std::vector<double> look_levels(std::span<const std::size_t> looks, double alpha) {
  check(looks, alpha);
  std::vector<double> levels;
  Walk walk;
  double left = alpha;
  double before = 0;
  for (std::size_t k = 0; k < looks.size(); ++k) {
    const auto seeds = static_cast<double>(looks[k]);
    const double stretch = std::sqrt(seeds - before);
    const double spent = k == 0 ? 0.7 * left : left / 2;
    left -= spent;
    const double deviation = std::sqrt(seeds);
    const double bound =
        boundary(0, 40 * deviation, [&](double b) { return walk.beyond(b, stretch) > spent; });
    // What is exact needs no integral.
    levels.push_back(k == 0 ? spent : 2 * normal_below(-bound / deviation));
    if (k + 1 == looks.size()) break;
    // Eight steps for the shorter of the stretches that the places are integrated over.
    const double step = std::min(stretch, std::sqrt(static_cast<double>(looks[k + 1]) - seeds)) / 8;
    walk = Walk(walk, stretch, bound, 2 * static_cast<int>(std::ceil(bound / step / 2)));
    before = seeds;
  }
  return levels;
}

double look_level(std::span<const std::size_t> looks, double alpha) {
  return look_levels(looks, alpha).back();
}

}  // namespace soap
