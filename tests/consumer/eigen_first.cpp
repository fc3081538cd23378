// Must not compile without our definition: Eigen has chosen its heap layout before soap could.
#include <Eigen/Core>
#include <soap/linalg/matrix.hpp>

int main() {}
