// hourglass without the server: the same functions, of which the first says so.
#include "hourglass/base/error.h"
#include "hourglass/serve/page_server.h"

namespace hourglass {

struct PageServer::State {
  std::string url;
};

void check_port(int /*port*/) {
  fail("serve",
       "this hourglass was built without the server of its page: install libboost-dev and build it "
       "again");
}

PageServer::PageServer(std::vector<Route> /*routes*/, const ServerOptions& options) {
  check_port(options.port.value_or(0));
}

PageServer::~PageServer() = default;

const std::string& PageServer::url() const {
  return state_->url;
}

int PageServer::port() const {
  return 0;
}

void PageServer::run(const std::function<bool()>& /*until*/) {}

void PageServer::stop() {}

}  // namespace hourglass
