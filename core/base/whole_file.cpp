#include "core/base/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "core/base/unique_fd.h"

namespace procatlas {

namespace {

namespace fs = std::filesystem;

std::unexpected<Error> cannot(std::string_view what, const fs::path& file, int code) {
    return std::unexpected(system_error("cannot " + std::string(what) + " " + file.string(), code));
}

// `like`: whose permissions and owner the file gets, as far as we may give them; null: the usual ones of a new file.
Result<void> write_into(const fs::path& file, std::string_view bytes, int flags, const struct stat* like = nullptr) {
    UniqueFd descriptor(::open(file.c_str(), O_WRONLY | O_CLOEXEC | flags, like ? 0600 : 0666));
    if (!descriptor) {
        return cannot("write", file, errno);
    }
    if (like) {
        struct stat made{};
        const bool owned = ::fchown(descriptor.get(), like->st_uid, like->st_gid) == 0 ||
                           (::fstat(descriptor.get(), &made) == 0 && made.st_gid == like->st_gid);
        const mode_t everybody_but_the_group = 0707;  // another group must not get what was given to this one
        ::fchmod(descriptor.get(), like->st_mode & (owned ? mode_t{0777} : everybody_but_the_group));
    }
    if (const auto written = write_all(descriptor.get(), bytes); !written) {
        return cannot("write", file, written.error().code);
    }
    if (::close(descriptor.release()) != 0) {  // some file systems report a full disk only now
        return cannot("write", file, errno);
    }
    return {};
}

}  // namespace

Result<void> write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return std::unexpected(system_error("cannot write", errno));
        }
        bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return {};
}

Result<std::string> read_whole_file(const fs::path& file, std::size_t limit) {
    // O_NONBLOCK: does not wait for a pipe that nobody writes to.
    const UniqueFd descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status{};
    if (!descriptor || ::fstat(descriptor.get(), &status) != 0) {
        return cannot("read", file, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(file.string() + " is not a file");
    }
    const auto too_large = [&] { return fail(file.string() + " is larger than " + std::to_string(limit >> 20) + " MiB"); };
    if (static_cast<std::size_t>(status.st_size) > limit) {
        return too_large();
    }
    std::string bytes(static_cast<std::size_t>(status.st_size) + 1, '\0');  // one more byte, to detect the end
    std::size_t size = 0;
    while (true) {
        if (size == bytes.size()) {  // the file grew meanwhile
            bytes.resize(bytes.size() * 2);
        }
        const ssize_t got = ::read(descriptor.get(), bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno != EINTR) {
            return cannot("read", file, errno);
        }
        if (got == 0) {
            break;
        }
        size += got < 0 ? 0 : static_cast<std::size_t>(got);
        if (size > limit) {
            return too_large();
        }
    }
    bytes.resize(size);
    return bytes;
}

Result<void> write_whole_file(const fs::path& file, std::string_view bytes) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (fs::is_directory(status)) {
        return cannot("write", file, EISDIR);
    }
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        return write_into(file, bytes, 0);
    }
    const fs::path target = fs::is_symlink(file, error) ? fs::weakly_canonical(file, error) : file;
    const fs::path beside = target.string() + "." + std::to_string(::getpid()) + ".part";
    struct stat old{};
    const bool replaces = ::stat(target.c_str(), &old) == 0;
    if (const auto written = write_into(beside, bytes, O_CREAT | O_EXCL | O_NOFOLLOW, replaces ? &old : nullptr); !written) {
        if (written.error().code != EEXIST) {
            fs::remove(beside, error);
        }
        return written;
    }
    fs::rename(beside, target, error);
    if (error) {
        std::error_code ignored;
        fs::remove(beside, ignored);
        return cannot("write", file, error.value());
    }
    return {};
}

}  // namespace procatlas
