// A user's program. Its matrices cross between this file and the compiled library in both directions,
// whatever flags each was built with.
#include <cstdio>

#include <soap/base/version.hpp>
#include <soap/data/dataset.hpp>
#include <soap/linalg/random.hpp>

int main() {
  soap::Rng rng(1);
  for (soap::Index features = 1; features < 2000; features *= 3) {
    soap::Batch made_there;
    made_there.reserve(features, 10, 4);     // allocated in the library, freed here
    soap::Batch made_here = made_there;      // allocated here ...
    made_here.reserve(2 * features, 10, 4);  // ... and freed in the library
    made_here.resize(4);
    made_here.inputs().setConstant(static_cast<soap::Scalar>(rng.uniform()));
  }
  std::printf("soap %s, %d bytes a number\n", soap::version(), static_cast<int>(sizeof(soap::Scalar)));
}
