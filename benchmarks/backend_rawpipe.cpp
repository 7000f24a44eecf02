// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "backend.h"
#include "messagebuffer.h"
#include "rawpipe.h"

#include <unistd.h>

namespace Bench
{

namespace
{

// Blocking read() and write(), which is what a pipe can do at best if nothing else is to be waited for.
class RawPipeBackend : public Backend
{
public:
    void serve(const Job &job, Probe &probe) override
    {
        makePipes(job);
        probe.listening();
        serveRawPipes(job, openServerPipes(job));
    }

    void run(const Job &job, ClientScript &script) override
    {
        const PipeEnds ends = openClientPipes(job);
        MessageBuffer buffer(script.answerSize());
        const auto write = [&](const char *data, size_t size) {
            for (size_t done = 0; done < size;) {
                const ssize_t written = ::write(ends.out, data + done, size - done);
                if (written <= 0)
                    dieErrno("write");
                done += size_t(written);
            }
        };
        script.begin();
        script.connected(write);
        qint64 unanswered = 0;
        while (!script.isFinished()) {
            if (script.isStream()) {
                // Not more ahead than is needed to keep the other side busy.
                for (; unanswered < 2 * Job::Block; unanswered += qint64(script.piece().size()))
                    write(script.piece().constData(), size_t(script.piece().size()));
            }
            const ssize_t got = ::read(ends.in, buffer.space(), buffer.readSize());
            if (got <= 0)
                dieErrno("read");
            buffer.commit(size_t(got), [&](const char *answer) {
                unanswered -= Job::Block;
                script.answer(answer, write);
            });
        }
    }
};

} // namespace

std::unique_ptr<Backend> makeRawPipeBackend()
{
    return std::make_unique<RawPipeBackend>();
}

} // namespace Bench
