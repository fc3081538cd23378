// A user's program on the laboratory: compares two rules, and draws a chart where it computes in float.
#include <cstdio>
#include <vector>

#include <soap/lab.hpp>
#include <soap/soap.hpp>

int main() {
  const soap::Network net = soap::mlp({2, 3, 1});
  const std::vector<double> differences = {0.1, 0.3, 0.2, 0.4, 0.1};
  const double p = soap::sign_flip_test(differences);
#ifndef SOAP_DOUBLE
  soap::Figure figure;
  figure.charts.push_back({.title = "Differences", .series = {{.x = {1, 2, 3, 4, 5}, .y = differences}}});
  if (soap::encode_png(soap::render(figure)).empty()) return 1;
#endif
  std::printf("%d layers, p = %g\n", static_cast<int>(net.depth()), p);
  return p == 0.0625 ? 0 : 1;
}
