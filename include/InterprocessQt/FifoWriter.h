// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FIFOWRITER_H
#define INTERPROCESSQT_FIFOWRITER_H

#include <InterprocessQt/PipeWriter.h>

namespace InterprocessQt
{
class FifoWriterPrivate;

// Writes to a FIFO file; waits for a reader.
class INTERPROCESSQT_EXPORT FifoWriter : public InterprocessQt::PipeWriter
{
    Q_OBJECT
    Q_PROPERTY(int readerTimeout READ readerTimeout WRITE setReaderTimeout NOTIFY readerTimeoutChanged)

public:
    // What the end of the last reader means.
    enum class ReaderPolicy {
        EndWithReaders,
        WaitForNextReader,
    };
    Q_ENUM(ReaderPolicy)

    explicit FifoWriter(QObject *parent = nullptr);
    ~FifoWriter() override;

    using PipeWriter::open;
    bool open(const QString &path, ReaderPolicy policy = ReaderPolicy::EndWithReaders);

    [[nodiscard]] QString path() const;
    [[nodiscard]] bool hasReader() const;
    [[nodiscard]] int readerTimeout() const;
    void setReaderTimeout(int msecs);
    [[nodiscard]] static qint64 atomicSize();

    bool waitForReader(int msecs = 30000);
    bool waitForReader(std::chrono::milliseconds timeout);

Q_SIGNALS:
    void readerConnected();
    void readersGone();
    void readerTimeoutChanged();

protected:
    qint64 writeData(const char *data, qint64 size) override;

private:
    friend class FifoWriterPrivate;
    [[nodiscard]] FifoWriterPrivate *d_func() const;
    Q_DISABLE_COPY_MOVE(FifoWriter)
};

} // namespace InterprocessQt

#endif
