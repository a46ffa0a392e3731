#include "app/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace procatlas {

Result<std::shared_ptr<const TemporaryFolder>> TemporaryFolder::make() {
    std::error_code error;
    std::string folder = (std::filesystem::temp_directory_path(error) / "procatlas-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        return std::unexpected(system_error("cannot make a folder for a copy", errno));
    }
    return std::shared_ptr<const TemporaryFolder>(new TemporaryFolder(folder));
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
}

}  // namespace procatlas
