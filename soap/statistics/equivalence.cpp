#include "soap/statistics/equivalence.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "soap/base/text.hpp"

namespace soap {

namespace {

double shifted_p(std::span<const double> differences, double shift, SignFlipOptions options,
                 Alternative alternative) {
  std::vector<double> shifted(differences.begin(), differences.end());
  for (double& difference : shifted) difference += shift;
  options.alternative = alternative;
  return sign_flip_test(shifted, options);
}

}  // namespace

double noninferiority_p(std::span<const double> differences, double margin, const SignFlipOptions& options) {
  if (!(margin > 0 && std::isfinite(margin))) {
    throw std::invalid_argument("margin: found " + to_text(margin) + ", expected a finite number above 0");
  }
  return shifted_p(differences, margin, options, Alternative::greater);
}

double equivalence_p(std::span<const double> differences, double margin, const SignFlipOptions& options) {
  const double above = noninferiority_p(differences, margin, options);
  return std::max(above, shifted_p(differences, -margin, options, Alternative::less));
}

}  // namespace soap
