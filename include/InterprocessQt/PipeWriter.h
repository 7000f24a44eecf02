// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEWRITER_H
#define INTERPROCESSQT_PIPEWRITER_H

#include <InterprocessQt/NativeHandle.h>
#include <InterprocessQt/StreamDevice.h>

#include <chrono>

namespace InterprocessQt
{
class PipeWriterPrivate;

// The end of a pipe that is written to: an unnamed pipe, standard output or error, or any other descriptor of a stream.
class INTERPROCESSQT_EXPORT PipeWriter : public InterprocessQt::StreamDevice
{
    Q_OBJECT

public:
    explicit PipeWriter(QObject *parent = nullptr);
    ~PipeWriter() override;

    bool open(NativeHandle &&handle);
    bool openStandardOutput();
    bool openStandardError();
    bool open(OpenMode openMode) override;
    void close() override;
    void abort() override;

    [[nodiscard]] qintptr handle() const;
    [[nodiscard]] NativeHandle release();
    [[nodiscard]] bool isTerminal() const;
    [[nodiscard]] qint64 capacity() const;
    bool setCapacity(qint64 size);

    bool waitForClosed(int msecs = 30000);
    bool waitForClosed(std::chrono::milliseconds timeout);

Q_SIGNALS:
    void closed();

protected:
    PipeWriter(PipeWriterPrivate &dd, QObject *parent);

private:
    friend class PipeWriterPrivate;
    [[nodiscard]] PipeWriterPrivate *d_func() const;
    Q_DISABLE_COPY_MOVE(PipeWriter)
};

} // namespace InterprocessQt

#endif
