// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FIFO_H
#define INTERPROCESSQT_FIFO_H

#include <InterprocessQt/FifoReader.h>
#include <InterprocessQt/FifoWriter.h>

#include <QtCore/qfiledevice.h>
#include <QtCore/qstring.h>

#include <memory>

namespace InterprocessQt
{
class FifoPrivate;

// The owner of a FIFO file: makes it, and removes it when it ends.
class INTERPROCESSQT_EXPORT Fifo
{
public:
    // Where they have the same meaning the values are those of StreamDevice::Error.
    enum Error {
        UnknownError = -1,
        NotFoundError = 2,
        AccessError = 3,
        ResourceError = 4,
        NameInUseError = 8,
        UnsupportedOperationError = 10,
        OperationError = 19,
    };

    // What create() does when there is a FIFO already.
    enum class NamePolicy {
        Exclusive,
        UseExisting,
    };

    static constexpr QFileDevice::Permissions DefaultPermissions = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

    Fifo() noexcept;
    Fifo(Fifo &&other) noexcept;
    Fifo &operator=(Fifo &&other) noexcept;
    ~Fifo();
    Q_DISABLE_COPY(Fifo)

    [[nodiscard]] static Fifo create(const QString &path, QFileDevice::Permissions permissions = DefaultPermissions, NamePolicy policy = NamePolicy::Exclusive);

    [[nodiscard]] bool isValid() const noexcept;
    [[nodiscard]] QString path() const;
    bool remove();
    void release();

    [[nodiscard]] Error error() const noexcept;
    [[nodiscard]] int nativeError() const noexcept;
    [[nodiscard]] QString errorString() const;

private:
    std::unique_ptr<FifoPrivate> d;
};

} // namespace InterprocessQt

#endif
