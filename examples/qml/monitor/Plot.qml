// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import ExampleStyle

// The last minute of a rate.
Item {
    id: plot

    property var values: []
    property color tint: Theme.accent
    property string unit
    readonly property double latest: values.length > 0 ? values[values.length - 1] : 0
    readonly property string latestText: textOf(latest)
    readonly property double limit: niceTop(Math.max(1, ...values))

    function niceTop(value: double): double {
        const step = Math.pow(10, Math.floor(Math.log10(value)));
        for (const factor of [1, 2, 5, 10]) {
            if (value <= factor * step)
                return factor * step;
        }
        return value;
    }

    function textOf(value: double): string {
        const prefixes = ["", "k", "M", "G", "T"];
        let i = 0;
        while (value >= 1000 && i < prefixes.length - 1) {
            value /= 1000;
            ++i;
        }
        return (value >= 100 || value === Math.round(value) ? Math.round(value) : value.toFixed(1)) + " " + prefixes[i] + unit;
    }

    implicitHeight: 150
    onValuesChanged: canvas.requestPaint()

    Canvas {
        id: canvas

        anchors.fill: parent
        onPaint: {
            const ctx = getContext("2d");
            ctx.reset();
            const bottom = height - 1;
            ctx.strokeStyle = Theme.line;
            ctx.lineWidth = 1;
            for (let i = 0; i <= 4; ++i) {
                const y = Math.round(bottom * i / 4) + 0.5;
                ctx.beginPath();
                ctx.moveTo(0, y);
                ctx.lineTo(width, y);
                ctx.stroke();
            }
            const count = plot.values.length;
            if (count < 2)
                return;
            const step = width / 239;
            const x = i => width - (count - 1 - i) * step;
            const y = i => bottom - plot.values[i] / plot.limit * (bottom - 2);
            ctx.beginPath();
            ctx.moveTo(x(0), bottom);
            for (let i = 0; i < count; ++i)
                ctx.lineTo(x(i), y(i));
            ctx.lineTo(width, bottom);
            ctx.closePath();
            const gradient = ctx.createLinearGradient(0, 0, 0, height);
            gradient.addColorStop(0, Qt.rgba(plot.tint.r, plot.tint.g, plot.tint.b, 0.45));
            gradient.addColorStop(1, Qt.rgba(plot.tint.r, plot.tint.g, plot.tint.b, 0.05));
            ctx.fillStyle = gradient;
            ctx.fill();
            ctx.beginPath();
            ctx.moveTo(x(0), y(0));
            for (let i = 1; i < count; ++i)
                ctx.lineTo(x(i), y(i));
            ctx.strokeStyle = plot.tint;
            ctx.lineWidth = 2;
            ctx.stroke();
        }
    }
    Text {
        anchors.left: parent.left
        anchors.top: plot.top
        anchors.margins: 6
        text: plot.textOf(plot.limit)
        color: Theme.muted
        font.pixelSize: 11
    }
}
